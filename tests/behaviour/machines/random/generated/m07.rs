//! Machine 7, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    Amber,
    Brass,
    #[state(initial)] AtSea,
    Dusk,
}

pub struct Machine7 { state: States, flags: [bool; 5], trace: Trace, version: u64 }

impl Machine7 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7 } }
}

#[state_machine(states = States, field = state, version = version)]
impl Machine7 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => Amber)]
    #[transition(Brass | AtSea if (guard_1 || guard_1 || guard_1) || guard_1 || guard_1 => Dusk)]
    pub fn adopt(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_1 => Brass)]
    pub fn bind(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("bind");
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => AtSea)]
    pub fn carry(&mut self) {
        self.trace.note("carry");
        if self.flags[0] { self.state = States::Dusk; }
    }

    fn guard_0(&self, number: &u32) -> bool {
        self.trace.note("guard_0");
        self.flags[0] && number % 2 == 0
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[1] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_enter(Amber | Brass)]
    fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        if std::mem::take(&mut self.flags[2]) {
            let answer = drive::answer(self.carry());
            self.trace.note(format!("followed: {answer}"));
        }
    }

}

impl Subject for Machine7 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { Vec::new() }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => Some(drive::answer(self.adopt(&call.reason))),
            1 => Some(drive::answer(self.bind(&call.reason))),
            2 => Some(drive::answer(self.carry())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.reason)),
            1 => drive::checked(self.check_bind(&call.reason)),
            2 => drive::checked(self.check_carry()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.reason),
            1 => self.can_bind(&call.reason),
            2 => self.can_carry(),
            _ => false,
        }
    }
}
