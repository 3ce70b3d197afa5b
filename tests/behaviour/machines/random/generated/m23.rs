//! Machine 23, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    #[state(initial)] Amber,
    Brass,
}

pub struct Machine23 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine23 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine23 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_0 && guard_0 || !guard_3 => _)]
    pub fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if (!guard_1 || guard_4) || guard_3 => Brass)]
    pub fn bind(&mut self) {
        self.trace.note("bind");
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if !guard_1 => Amber)]
    pub fn carry(&mut self) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[1] { self.state = States::Amber; }
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if !guard_0 => Amber)]
    #[transition(Amber if guard_0 => Brass)]
    pub fn dry(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("dry");
        if self.flags[1] { self.state = States::Brass; }
        if self.flags[4] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_1 => _)]
    pub fn enlist(&mut self) -> Result<u64, No> {
        self.trace.note("enlist");
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[1]
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[2]
    }

    fn guard_2(&self, number: &u32) -> bool {
        self.trace.note("guard_2");
        self.flags[4] && number % 2 == 0
    }

    fn guard_3(&self) -> bool {
        self.trace.note("guard_3");
        self.flags[2]
    }

    fn guard_4(&self) -> Result<(), String> {
        self.trace.note("guard_4");
        if self.flags[2] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_5(&self, number: &u32) -> bool {
        self.trace.note("guard_5");
        self.flags[2] && number % 2 == 0
    }

}

impl Subject for Machine23 {
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
            2 => Some(drive::answer(self.carry())),
            3 => Some(drive::answer(self.dry(call.number))),
            4 => Some(drive::answer(self.enlist())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry(&call.number)),
            4 => drive::checked(self.check_enlist()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(&call.number),
            4 => self.can_enlist(),
            _ => false,
        }
    }
}
