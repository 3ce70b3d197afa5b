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
    #[transition(Jade if guard_1 || guard_2 => Kelp)]
    pub fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Haze => Amber)]
    #[transition(InTheGrove => Flint)]
    #[transition(Ember | Flint if !guard_0 => Haze)]
    #[transition(Amber => Jade)]
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
    #[transition(Jade if guard_1 => Dusk)]
    pub fn carry(&mut self) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Haze if (guard_0 && guard_1) && (guard_2 && !guard_0 && !guard_2) && guard_1 => Brass)]
    #[transition(Iron if (guard_2 || guard_2 || guard_2) && (guard_2 && guard_1) => Ember)]
    pub fn dry(&mut self) -> u64 {
        self.trace.note("dry");
        1
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Flint)]
    pub async fn enlist(&mut self) -> Result<u64, No> {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Jade => InTheGrove)]
    pub fn fold(&mut self) -> Result<u64, No> {
        self.trace.note("fold");
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Flint => Iron)]
    pub fn grant(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("grant");
        if self.flags[3] { self.state = States::AtSea; }
        1
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if (guard_2 || guard_2 || guard_1) && (guard_1 || !guard_0) && (guard_2 || guard_0) => AtSea)]
    pub fn hold_back(&mut self, number: u32) -> u64 {
        self.trace.note("hold_back");
        u64::from(number) + 1
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

    #[on_enter(Amber | AtSea | InTheGrove)]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_exit(InTheGrove)]
    fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

    #[on_enter(Brass | Jade | Kelp)]
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
            4 => drive::poll(self.enlist(), call.polls).map(drive::answer),
            5 => Some(drive::answer(self.fold())),
            6 => Some(drive::answer(self.grant(&call.reason))),
            7 => Some(drive::answer(self.hold_back(call.number))),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold()),
            6 => drive::checked(self.check_grant(&call.reason)),
            7 => drive::checked(self.check_hold_back(&call.number)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(),
            4 => self.can_enlist(),
            5 => self.can_fold(),
            6 => self.can_grant(&call.reason),
            7 => self.can_hold_back(&call.number),
            _ => false,
        }
    }
}
