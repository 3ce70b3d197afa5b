//! A machine of four states, by hand and by each of the macros. `§` stands for the number of the machine.

/// A way to write the machine.
pub struct Machine {
    pub name: &'static str,
    pub package: &'static str,
    /// What it needs beside the standard library: a name in the workspace's table.
    pub needs: Option<&'static str>,
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
pub const ALL: [Machine; 5] = [HAND, STATIG, RUST_FSM, SMLANG, OURS];

const HAND: Machine = Machine {
    name: "hand",
    package: "machine_hand",
    needs: None,
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
    needs: Some("statig"),
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

const RUST_FSM: Machine = Machine {
    name: "rust-fsm",
    package: "machine_rust_fsm",
    needs: Some("rust-fsm"),
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
    needs: Some("smlang"),
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
    needs: Some("bailiwick"),
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
