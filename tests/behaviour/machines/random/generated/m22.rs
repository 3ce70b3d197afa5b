//! Machine 22, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    Amber,
    Brass,
    #[state(initial)] AtSea,
    Dusk,
    Ember,
}

pub struct Machine22 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine22 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine22 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea | Dusk => Brass)]
    pub fn adopt(&mut self) -> u64 {
        self.trace.note("adopt");
        1
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => Dusk)]
    pub fn bind(&mut self) -> u64 {
        self.trace.note("bind");
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber | Ember if !guard_0 && guard_2 && guard_1 => Dusk)]
    pub fn carry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => Amber)]
    #[transition(Brass => Ember)]
    pub fn dry(&mut self, #[reason] reason: &str) {
        self.trace.note("dry");
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => _)]
    pub fn enlist(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("enlist");
        if self.flags[2] { self.state = States::Brass; }
        if self.flags[2] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => _)]
    #[transition(Brass if guard_2 && guard_1 && guard_2 || guard_1 || (guard_1 || guard_2 || guard_0) => AtSea)]
    pub fn fold(&mut self) -> u64 {
        self.trace.note("fold");
        1
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[4]
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[4] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_2(&self) -> Result<(), String> {
        self.trace.note("guard_2");
        if self.flags[0] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_3(&self, number: &u32) -> bool {
        self.trace.note("guard_3");
        self.flags[4] && number % 2 == 0
    }

    #[on_transition]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_exit(Brass | Dusk)]
    fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

    #[on_exit(Amber | Brass)]
    fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
    }

    #[on_transition]
    fn hook_3(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
    }

}

impl Subject for Machine22 {
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
            3 => Some(drive::answer(self.dry(&call.reason))),
            4 => Some(drive::answer(self.enlist(call.number))),
            5 => Some(drive::answer(self.fold())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry(&call.reason)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist(&call.number)),
            5 => drive::checked(self.check_fold()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(),
            2 => self.can_carry(&call.reason),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(&call.number),
            5 => self.can_fold(),
            _ => false,
        }
    }
}
