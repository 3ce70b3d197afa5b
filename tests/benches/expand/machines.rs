//! A machine of four states, by hand and by each of the macros. `§` stands for the number of the machine.

/// A way to write the machine.
pub struct Machine {
    pub name: &'static str,
    pub package: &'static str,
    /// What it needs beside the standard library: names in the workspace's table.
    pub needs: &'static [&'static str],
    code: &'static str,
}

impl Machine {
    /// A package of so many.
    pub fn repeated(&self, machines: usize) -> String {
        let module =
            |number: usize| format!("pub mod m{number} {{\n{}\n}}\n", self.code.replace('§', &number.to_string()));
        (1..=machines).map(module).collect()
    }
}

/// The base is the first.
pub const ALL: [Machine; 6] = [HAND, STATIG, STATIG_NAMED, RUST_FSM, SMLANG, OURS];

/// The name of the peer that writes as much of states and events as ours.
pub const NAMED: &str = "statig, with names";

const HAND: Machine = Machine {
    name: "hand",
    package: "machine_hand",
    needs: &[],
    code: r"
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum State { Idle, Running, Paused, Done }
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event { Start, Pause, Resume, Finish, Reset }
        #[derive(Debug, Clone, Copy)]
        pub struct Refused { pub state: State, pub event: Event }
        pub struct Job§ { pub state: State, pub fuel: u64, pub taken: u64 }
        impl Job§ {
            pub fn handle(&mut self, event: Event) -> Result<(), Refused> {
                self.state = match (self.state, event) {
                    (State::Idle, Event::Start) if self.fuelled() => State::Running,
                    (State::Running, Event::Pause) => State::Paused,
                    (State::Paused, Event::Resume) => State::Running,
                    (State::Running, Event::Finish) => State::Done,
                    (State::Done, Event::Reset) => State::Idle,
                    (state, event) => return Err(Refused { state, event }),
                };
                self.taken += 1;
                Ok(())
            }
            fn fuelled(&self) -> bool { self.fuel > 0 }
        }",
};

const STATIG: Machine = Machine {
    name: "statig",
    package: "machine_statig",
    needs: &["statig"],
    code: r#"
        use statig::prelude::*;
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event { Start, Pause, Resume, Finish, Reset }
        pub struct Job§ { pub fuel: u64, pub taken: u64 }
        #[state_machine(initial = "State::idle()", state(derive(Debug, Clone, Copy, PartialEq, Eq)))]
        impl Job§ {
            #[state]
            fn idle(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Start if self.fuel > 0 => { self.taken += 1; Transition(State::running()) }
                    _ => Super,
                }
            }
            #[state]
            fn running(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Pause => { self.taken += 1; Transition(State::paused()) }
                    Event::Finish => { self.taken += 1; Transition(State::done()) }
                    _ => Super,
                }
            }
            #[state]
            fn paused(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Resume => { self.taken += 1; Transition(State::running()) }
                    _ => Super,
                }
            }
            #[state]
            fn done(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Reset => { self.taken += 1; Transition(State::idle()) }
                    _ => Super,
                }
            }
        }"#,
};

const STATIG_NAMED: Machine = Machine {
    name: NAMED,
    package: "machine_statig_named",
    needs: &["statig", "serde"],
    code: r#"
        use statig::prelude::*;
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event { Start, Pause, Resume, Finish, Reset }
        pub struct Job§ { pub fuel: u64, pub taken: u64 }
        #[state_machine(initial = "State::idle()", state(derive(Debug, Clone, Copy, PartialEq, Eq)))]
        impl Job§ {
            #[state]
            fn idle(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Start if self.fuel > 0 => { self.taken += 1; Transition(State::running()) }
                    _ => Super,
                }
            }
            #[state]
            fn running(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Pause => { self.taken += 1; Transition(State::paused()) }
                    Event::Finish => { self.taken += 1; Transition(State::done()) }
                    _ => Super,
                }
            }
            #[state]
            fn paused(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Resume => { self.taken += 1; Transition(State::running()) }
                    _ => Super,
                }
            }
            #[state]
            fn done(&mut self, event: &Event) -> Outcome<State> {
                match event {
                    Event::Reset => { self.taken += 1; Transition(State::idle()) }
                    _ => Super,
                }
            }
        }
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Stored { Idle, Running, Paused, Done }
        impl Stored {
            pub const ALL: &'static [Self] = &[Self::Idle, Self::Running, Self::Paused, Self::Done];
            pub fn name(self) -> &'static str { match self { Self::Idle => "idle", Self::Running => "running", Self::Paused => "paused", Self::Done => "done", } }
        }
        impl std::fmt::Display for Stored {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.name()) }
        }
        impl std::str::FromStr for Stored {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().find(|one| one.name() == text).copied().ok_or_else(|| text.to_owned())
            }
        }
        impl serde::Serialize for Stored {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(self.name()) }
        }
        impl<'de> serde::Deserialize<'de> for Stored {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text: String = serde::Deserialize::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        impl Event {
            pub const ALL: &'static [Self] = &[Self::Start, Self::Pause, Self::Resume, Self::Finish, Self::Reset];
            pub fn name(self) -> &'static str { match self { Self::Start => "start", Self::Pause => "pause", Self::Resume => "resume", Self::Finish => "finish", Self::Reset => "reset", } }
        }
        impl std::fmt::Display for Event {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.name()) }
        }
        impl std::str::FromStr for Event {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().find(|one| one.name() == text).copied().ok_or_else(|| text.to_owned())
            }
        }
        impl serde::Serialize for Event {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(self.name()) }
        }
        impl<'de> serde::Deserialize<'de> for Event {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text: String = serde::Deserialize::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }"#,
};

const RUST_FSM: Machine = Machine {
    name: "rust-fsm",
    package: "machine_rust_fsm",
    needs: &["rust-fsm"],
    code: r"
        rust_fsm::state_machine! {
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub job§(Idle)

            Idle(Start) => Running,
            Running => {
                Pause => Paused,
                Finish => Done,
            },
            Paused(Resume) => Running,
            Done(Reset) => Idle,
        }",
};

const SMLANG: Machine = Machine {
    name: "smlang",
    package: "machine_smlang",
    needs: &["smlang"],
    code: r"
        smlang::statemachine! {
            derive_states: [Debug, Clone, Copy],
            derive_events: [Debug, Clone, Copy],
            transitions: {
                *Idle + Start [fuelled] / count = Running,
                Running + Pause / count = Paused,
                Running + Finish / count = Done,
                Paused + Resume / count = Running,
                Done + Reset / count = Idle,
            }
        }
        pub struct Job§ { pub fuel: u64, pub taken: u64 }
        impl StateMachineContext for Job§ {
            fn fuelled(&self) -> Result<bool, ()> { Ok(self.fuel > 0) }
            fn count(&mut self) -> Result<(), ()> { self.taken += 1; Ok(()) }
        }",
};

const OURS: Machine = Machine {
    name: "ours",
    package: "machine_ours",
    needs: &["bailiwick"],
    code: r"
        #[derive(bailiwick::State, Debug, Clone, Copy, PartialEq, Eq)]
        #[state(cyclic)]
        pub enum State { #[state(initial)] Idle, Running, Paused, Done }
        pub struct Job§ { pub state: State, pub fuel: u64, pub taken: u64 }
        #[bailiwick::state_machine(states = State, field = state)]
        impl Job§ {
            #[transition(Idle if fuelled => Running)]
            pub fn start(&mut self) { self.taken += 1; }
            #[transition(Running => Paused)]
            pub fn pause(&mut self) { self.taken += 1; }
            #[transition(Paused => Running)]
            pub fn resume(&mut self) { self.taken += 1; }
            #[transition(Running => Done)]
            pub fn finish(&mut self) { self.taken += 1; }
            #[transition(Done => Idle)]
            pub fn reset(&mut self) { self.taken += 1; }
            fn fuelled(&self) -> bool { self.fuel > 0 }
        }",
};
