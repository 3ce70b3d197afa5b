//! Machine 9, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    #[state(terminal)] Brass,
    #[state(initial)] AtSea,
    Dusk,
}

pub struct Machine9 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine9 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine9 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if guard_2 => Amber)]
    pub fn adopt(&mut self, number: u32) {
        self.trace.note("adopt");
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => AtSea)]
    pub async fn bind(&mut self) -> Result<u64, No> {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_3 || !guard_0 || guard_1 => Amber)]
    pub async fn carry(&mut self) -> Result<u64, No> {
        self.trace.note("carry");
        Turn::default().await;
        if self.flags[1] { self.state = States::Amber; }
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => Dusk)]
    pub fn dry(&mut self) -> Result<u64, No> {
        self.trace.note("dry");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => Dusk)]
    pub fn enlist(&mut self) -> u64 {
        self.trace.note("enlist");
        if self.flags[3] { self.state = States::Brass; }
        1
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if !guard_1 => Brass)]
    pub fn fold(&mut self, number: u32) -> u64 {
        self.trace.note("fold");
        u64::from(number) + 1
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber => Dusk)]
    pub fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_0 && guard_2 && guard_1 || guard_1 && guard_3 => Brass)]
    pub async fn hold_back(&mut self) {
        self.trace.note("hold_back");
        Turn::default().await;
        Turn::default().await;
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[3]
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[2]
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[2]
    }

    fn guard_3(&self) -> bool {
        self.trace.note("guard_3");
        self.flags[0]
    }

}

impl Subject for Machine9 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; self.log = TransitionLog::new(); }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { drive::records(&self.log) }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => Some(drive::answer(self.adopt(call.number))),
            1 => drive::poll(self.bind(), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(), call.polls).map(drive::answer),
            3 => Some(drive::answer(self.dry())),
            4 => Some(drive::answer(self.enlist())),
            5 => Some(drive::answer(self.fold(call.number))),
            6 => Some(drive::answer(self.grant())),
            7 => drive::poll(self.hold_back(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry()),
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
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(),
            4 => self.can_enlist(),
            5 => self.can_fold(&call.number),
            6 => self.can_grant(),
            7 => self.can_hold_back(),
            _ => false,
        }
    }
}
