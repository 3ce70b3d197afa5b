//! Machine 2, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    #[state(initial)] Amber,
    Brass,
    AtSea,
    #[state(terminal)] Dusk,
    Ember,
    Flint,
    #[state(terminal)] InTheGrove,
    Haze,
}

pub struct Machine2 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine2 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine2 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_2 && guard_1 && guard_1 => Ember)]
    #[transition(Haze if (guard_3 || guard_2) || !guard_3 && guard_1 || guard_3 && guard_3 && guard_1 => InTheGrove)]
    #[transition(Flint => Dusk)]
    pub async fn adopt(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember => AtSea)]
    pub async fn bind(&mut self) {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_1 => Amber)]
    pub async fn carry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("carry");
        Turn::default().await;
        if self.flags[0] { self.state = States::Brass; }
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber => Haze)]
    pub async fn dry(&mut self, number: u32) -> u64 {
        self.trace.note("dry");
        Turn::default().await;
        if self.flags[3] { self.state = States::Dusk; }
        Turn::default().await;
        u64::from(number) + 1
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_2 => Brass)]
    #[transition(Haze => Flint)]
    pub async fn enlist(&mut self) {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(_ | InTheGrove if guard_1 => _)]
    pub async fn fold(&mut self) -> Result<u64, No> {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self, number: &u32) -> bool {
        self.trace.note("guard_0");
        self.flags[1] && number % 2 == 0
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[1] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_2(&self) -> Result<(), String> {
        self.trace.note("guard_2");
        if self.flags[0] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_3(&self) -> bool {
        self.trace.note("guard_3");
        self.flags[3]
    }

}

impl Subject for Machine2 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; self.log = TransitionLog::new(); }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { drive::records(&self.log) }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => drive::poll(self.adopt(&call.reason), call.polls).map(drive::answer),
            1 => drive::poll(self.bind(), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(&call.reason), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(call.number), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.reason)),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry(&call.reason)),
            3 => drive::checked(self.check_dry(&call.number)),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.reason),
            1 => self.can_bind(),
            2 => self.can_carry(&call.reason),
            3 => self.can_dry(&call.number),
            4 => self.can_enlist(),
            5 => self.can_fold(),
            _ => false,
        }
    }
}
