//! Machine 19, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    Brass,
    AtSea,
    #[state(initial)] Dusk,
    Ember,
    Flint,
    #[state(terminal)] InTheGrove,
    #[state(terminal)] Haze,
    Iron,
}

pub struct Machine19 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine19 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine19 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if !guard_1 && guard_1 && (guard_2 && !guard_3 && guard_0) => Haze)]
    #[transition(Amber | Ember if (guard_2 || guard_4) || guard_1 => InTheGrove)]
    pub async fn adopt(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if guard_2 && guard_0 => AtSea)]
    pub fn bind(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("bind");
        if self.flags[1] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_4 => Amber)]
    #[transition(Iron => Amber)]
    #[transition(Brass => Flint)]
    pub async fn carry(&mut self) {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if (guard_4 || guard_4 || guard_4) || (guard_4 || guard_4) => Dusk)]
    pub fn dry(&mut self) {
        self.trace.note("dry");
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => Brass)]
    pub fn enlist(&mut self) -> Result<u64, No> {
        self.trace.note("enlist");
        if self.flags[1] { self.state = States::Dusk; }
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => Haze)]
    pub fn fold(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("fold");
        1
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => _)]
    #[transition(Flint if guard_3 => AtSea)]
    pub fn grant(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("grant");
        if self.flags[0] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => Ember)]
    #[transition(Flint if guard_4 => Iron)]
    pub async fn hold_back(&mut self) -> u64 {
        self.trace.note("hold_back");
        Turn::default().await;
        Turn::default().await;
        1
    }

    fn guard_0(&self) -> Result<(), String> {
        self.trace.note("guard_0");
        if self.flags[4] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_1(&self, number: &u32) -> bool {
        self.trace.note("guard_1");
        self.flags[4] && number % 2 == 0
    }

    fn guard_2(&self, number: &u32) -> bool {
        self.trace.note("guard_2");
        self.flags[0] && number % 2 == 0
    }

    fn guard_3(&self, number: &u32) -> bool {
        self.trace.note("guard_3");
        self.flags[0] && number % 2 == 0
    }

    fn guard_4(&self) -> Result<(), String> {
        self.trace.note("guard_4");
        if self.flags[1] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_enter(Flint)]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

}

impl Subject for Machine19 {
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
            1 => Some(drive::answer(self.bind(call.number))),
            2 => drive::poll(self.carry(), call.polls).map(drive::answer),
            3 => Some(drive::answer(self.dry())),
            4 => Some(drive::answer(self.enlist())),
            5 => Some(drive::answer(self.fold(&call.reason))),
            6 => Some(drive::answer(self.grant(call.number))),
            7 => drive::poll(self.hold_back(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind(&call.number)),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold(&call.reason)),
            6 => drive::checked(self.check_grant(&call.number)),
            7 => drive::checked(self.check_hold_back()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.number),
            1 => self.can_bind(&call.number),
            2 => self.can_carry(),
            3 => self.can_dry(),
            4 => self.can_enlist(),
            5 => self.can_fold(&call.reason),
            6 => self.can_grant(&call.number),
            7 => self.can_hold_back(),
            _ => false,
        }
    }
}
