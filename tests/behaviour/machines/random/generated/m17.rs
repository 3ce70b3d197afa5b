//! Machine 17, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    Brass,
    AtSea,
    #[state(terminal)] Dusk,
    Ember,
    #[state(initial)] Flint,
    InTheGrove,
    Haze,
    Iron,
}

pub struct Machine17 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine17 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine17 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber => Haze)]
    #[transition(Haze => InTheGrove)]
    pub async fn adopt(&mut self, number: u32) {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if (guard_3 || guard_1 || !guard_2) && (guard_1 && guard_0 && guard_3) => Brass)]
    #[transition(Brass if (guard_2 && guard_2 && guard_2) && (guard_0 && guard_0 && guard_1) => AtSea)]
    pub async fn bind(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember => Iron)]
    pub fn carry(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[0] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Amber)]
    pub fn dry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("dry");
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron if !guard_2 || guard_3 || (!guard_2 || guard_3) => Flint)]
    pub fn enlist(&mut self) {
        self.trace.note("enlist");
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Dusk)]
    pub fn fold(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("fold");
        if self.flags[1] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber | Flint if guard_0 => Ember)]
    pub fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember | InTheGrove if (guard_0 || guard_3) || guard_2 && guard_0 => Brass)]
    pub fn hold_back(&mut self) {
        self.trace.note("hold_back");
    }

    fn guard_0(&self) -> Result<(), String> {
        self.trace.note("guard_0");
        if self.flags[2] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_1(&self, number: &u32) -> bool {
        self.trace.note("guard_1");
        self.flags[1] && number % 2 == 0
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[1]
    }

    fn guard_3(&self) -> bool {
        self.trace.note("guard_3");
        self.flags[2]
    }

    #[on_exit(Brass)]
    fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_transition]
    fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

}

impl Subject for Machine17 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; self.log = TransitionLog::new(); }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { drive::records(&self.log) }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => drive::poll(self.adopt(call.number), call.polls).map(drive::answer),
            1 => drive::poll(self.bind(call.number), call.polls).map(drive::answer),
            2 => Some(drive::answer(self.carry(call.number))),
            3 => Some(drive::answer(self.dry(&call.reason))),
            4 => Some(drive::answer(self.enlist())),
            5 => Some(drive::answer(self.fold(call.number))),
            6 => Some(drive::answer(self.grant())),
            7 => Some(drive::answer(self.hold_back())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind(&call.number)),
            2 => drive::checked(self.check_carry(&call.number)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold(&call.number)),
            6 => drive::checked(self.check_grant()),
            7 => drive::checked(self.check_hold_back()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.number),
            1 => self.can_bind(&call.number),
            2 => self.can_carry(&call.number),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(),
            5 => self.can_fold(&call.number),
            6 => self.can_grant(),
            7 => self.can_hold_back(),
            _ => false,
        }
    }
}
