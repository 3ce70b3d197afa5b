//! Machine 10, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    Amber,
    #[state(initial)] Brass,
}

pub struct Machine10 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine10 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine10 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => Brass)]
    pub fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Amber)]
    pub fn bind(&mut self) -> Result<u64, No> {
        self.trace.note("bind");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber => Brass)]
    pub fn carry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[4]
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[0]
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[2]
    }

    fn guard_3(&self) -> Result<(), String> {
        self.trace.note("guard_3");
        if self.flags[4] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_4(&self) -> bool {
        self.trace.note("guard_4");
        self.flags[1]
    }

    fn guard_5(&self, number: &u32) -> bool {
        self.trace.note("guard_5");
        self.flags[1] && number % 2 == 0
    }

}

impl Subject for Machine10 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; self.log = TransitionLog::new(); }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { drive::records(&self.log) }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => Some(drive::answer(self.adopt())),
            1 => Some(drive::answer(self.bind())),
            2 => Some(drive::answer(self.carry(&call.reason))),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry(&call.reason)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(),
            2 => self.can_carry(&call.reason),
            _ => false,
        }
    }
}
