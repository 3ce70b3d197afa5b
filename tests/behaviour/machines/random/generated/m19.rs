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
    #[transition(Amber if guard_0 => Haze)]
    #[transition(Dusk if guard_0 || guard_2 => AtSea)]
    #[transition(AtSea if guard_2 => Amber)]
    #[transition(_ if guard_4 => Haze)]
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
    #[transition(Iron => Amber)]
    #[transition(Dusk if guard_0 => Brass)]
    pub async fn bind(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => Dusk)]
    #[transition(Amber | Ember => InTheGrove)]
    pub fn carry(&mut self, number: u32) {
        self.trace.note("carry");
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => _)]
    pub fn dry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("dry");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if (guard_1 && guard_4) && (!guard_1 || guard_0 || guard_2) && (guard_4 || guard_1) => Ember)]
    #[transition(Flint if guard_1 => Iron)]
    #[transition(Brass if (guard_3 || guard_0) || guard_1 || guard_0 => Flint)]
    pub async fn enlist(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Flint if guard_4 => AtSea)]
    pub fn fold(&mut self) -> Result<u64, No> {
        self.trace.note("fold");
        if self.flags[1] { return Err(No); }
        Ok(1)
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

    #[on_transition]
    fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_exit(Ember)]
    fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
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
            1 => drive::poll(self.bind(&call.reason), call.polls).map(drive::answer),
            2 => Some(drive::answer(self.carry(call.number))),
            3 => Some(drive::answer(self.dry(&call.reason))),
            4 => drive::poll(self.enlist(call.number), call.polls).map(drive::answer),
            5 => Some(drive::answer(self.fold())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind(&call.reason)),
            2 => drive::checked(self.check_carry(&call.number)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist(&call.number)),
            5 => drive::checked(self.check_fold()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.number),
            1 => self.can_bind(&call.reason),
            2 => self.can_carry(&call.number),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(&call.number),
            5 => self.can_fold(),
            _ => false,
        }
    }
}
