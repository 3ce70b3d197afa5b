//! Machine 11, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    Brass,
    #[state(terminal)] AtSea,
    Dusk,
    Ember,
    Flint,
    InTheGrove,
    Haze,
    Iron,
    #[state(initial)] Jade,
    Kelp,
}

pub struct Machine11 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine11 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine11 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron => AtSea)]
    #[transition(Haze if (guard_1 || guard_1 || guard_0) || guard_0 && guard_1 || (guard_1 || guard_0 || guard_1) => Jade)]
    pub fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Haze => Amber)]
    #[transition(Brass => Flint)]
    pub fn bind(&mut self) -> Result<u64, No> {
        self.trace.note("bind");
        if self.flags[2] { self.state = States::Amber; }
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Kelp => Flint)]
    pub fn carry(&mut self) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Haze if guard_0 => Brass)]
    #[transition(Flint if (guard_2 || guard_2 || guard_2) && (guard_2 && guard_1) => Iron)]
    pub fn dry(&mut self) -> u64 {
        self.trace.note("dry");
        1
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Jade => Dusk)]
    #[transition(InTheGrove if !guard_0 => Flint)]
    pub fn enlist(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("enlist");
        1
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember | Flint => Haze)]
    #[transition(Dusk if guard_1 || guard_2 => AtSea)]
    pub async fn fold(&mut self) -> Result<u64, No> {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber => Jade)]
    pub fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(Jade => InTheGrove)]
    pub fn hold_back(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("hold_back");
        if self.flags[3] { self.state = States::AtSea; }
        1
    }

    /// To issue.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron if (guard_2 || guard_2 || guard_1) && (guard_1 || !guard_0) && (guard_2 || guard_0) => Ember)]
    pub fn issue(&mut self, number: u32) -> u64 {
        self.trace.note("issue");
        u64::from(number) + 1
    }

    /// To join.
    ///
    /// Later paragraphs stay here.
    #[transition(Jade => Kelp)]
    pub fn join(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("join");
        if self.flags[1] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[3]
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[0] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[0]
    }

    #[on_exit(InTheGrove)]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_enter(Brass | Jade | Kelp)]
    fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

    #[on_transition]
    fn hook_2(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
    }

}

impl Subject for Machine11 {
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
            3 => Some(drive::answer(self.dry())),
            4 => Some(drive::answer(self.enlist(&call.reason))),
            5 => drive::poll(self.fold(), call.polls).map(drive::answer),
            6 => Some(drive::answer(self.grant())),
            7 => Some(drive::answer(self.hold_back(&call.reason))),
            8 => Some(drive::answer(self.issue(call.number))),
            9 => Some(drive::answer(self.join(call.number))),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist(&call.reason)),
            5 => drive::checked(self.check_fold()),
            6 => drive::checked(self.check_grant()),
            7 => drive::checked(self.check_hold_back(&call.reason)),
            8 => drive::checked(self.check_issue(&call.number)),
            9 => drive::checked(self.check_join(&call.number)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(),
            4 => self.can_enlist(&call.reason),
            5 => self.can_fold(),
            6 => self.can_grant(),
            7 => self.can_hold_back(&call.reason),
            8 => self.can_issue(&call.number),
            9 => self.can_join(&call.number),
            _ => false,
        }
    }
}
