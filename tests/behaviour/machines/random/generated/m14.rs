//! Machine 14, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    #[state(initial)] Amber,
    Brass,
    AtSea,
    Dusk,
}

pub struct Machine14 { state: States, flags: [bool; 5], trace: Trace }

impl Machine14 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default() } }
}

#[state_machine(states = States, field = state)]
impl Machine14 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_1 => AtSea)]
    #[transition(AtSea if guard_1 => Brass)]
    pub fn adopt(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[0] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_0 => Amber)]
    #[transition(Amber if guard_2 || (guard_2 || guard_2 || guard_2) => Brass)]
    pub fn bind(&mut self) -> u64 {
        self.trace.note("bind");
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_0 && guard_0 || guard_2 || guard_0 => Dusk)]
    pub fn carry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if guard_1 && guard_2 || guard_0 => AtSea)]
    pub fn dry(&mut self, number: u32) {
        self.trace.note("dry");
    }

    fn guard_0(&self) -> Result<(), String> {
        self.trace.note("guard_0");
        if self.flags[2] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_1(&self, number: &u32) -> bool {
        self.trace.note("guard_1");
        self.flags[4] && number % 2 == 0
    }

    fn guard_2(&self) -> Result<(), String> {
        self.trace.note("guard_2");
        if self.flags[3] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_transition]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_enter(AtSea)]
    fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        if std::mem::take(&mut self.flags[1]) {
            let answer = drive::answer(self.bind());
            self.trace.note(format!("followed: {answer}"));
        }
    }

    #[on_exit(Brass | AtSea)]
    fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
    }

}

impl Subject for Machine14 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { Vec::new() }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => Some(drive::answer(self.adopt(call.number))),
            1 => Some(drive::answer(self.bind())),
            2 => Some(drive::answer(self.carry(&call.reason))),
            3 => Some(drive::answer(self.dry(call.number))),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry(&call.reason)),
            3 => drive::checked(self.check_dry(&call.number)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.number),
            1 => self.can_bind(),
            2 => self.can_carry(&call.reason),
            3 => self.can_dry(&call.number),
            _ => false,
        }
    }
}
