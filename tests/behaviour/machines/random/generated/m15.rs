//! Machine 15, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    Brass,
    #[state(initial)] AtSea,
    Dusk,
    Ember,
    Flint,
    #[state(terminal)] InTheGrove,
    Haze,
    Iron,
}

pub struct Machine15 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine15 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine15 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_0 => Haze)]
    #[transition(_ if guard_1 => AtSea)]
    #[transition(AtSea => Brass)]
    pub fn adopt(&mut self) -> u64 {
        self.trace.note("adopt");
        1
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron => Ember)]
    #[transition(Amber | Dusk if guard_1 => AtSea)]
    pub async fn bind(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_1 => Dusk)]
    #[transition(Haze | Iron => InTheGrove)]
    pub fn carry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_0 && (guard_0 && !guard_1 && guard_0) => _)]
    pub fn dry(&mut self) -> u64 {
        self.trace.note("dry");
        1
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember | Iron if guard_1 => Amber)]
    pub fn enlist(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("enlist");
        1
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron => Flint)]
    pub fn fold(&mut self) -> Result<u64, No> {
        self.trace.note("fold");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass | AtSea | Flint => Iron)]
    pub fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> Result<(), String> {
        self.trace.note("guard_0");
        if self.flags[3] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[1]
    }

}

impl Subject for Machine15 {
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
            1 => drive::poll(self.bind(&call.reason), call.polls).map(drive::answer),
            2 => Some(drive::answer(self.carry(&call.reason))),
            3 => Some(drive::answer(self.dry())),
            4 => Some(drive::answer(self.enlist(&call.reason))),
            5 => Some(drive::answer(self.fold())),
            6 => Some(drive::answer(self.grant())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.reason)),
            2 => drive::checked(self.check_carry(&call.reason)),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist(&call.reason)),
            5 => drive::checked(self.check_fold()),
            6 => drive::checked(self.check_grant()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.reason),
            2 => self.can_carry(&call.reason),
            3 => self.can_dry(),
            4 => self.can_enlist(&call.reason),
            5 => self.can_fold(),
            6 => self.can_grant(),
            _ => false,
        }
    }
}
