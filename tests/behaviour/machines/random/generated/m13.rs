//! Machine 13, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    Amber,
    Brass,
    #[state(initial)] AtSea,
}

pub struct Machine13 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine13 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine13 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber => AtSea)]
    pub async fn adopt(&mut self) -> u64 {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => AtSea)]
    pub async fn bind(&mut self) -> u64 {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_2 => _)]
    pub async fn carry(&mut self) -> Result<u64, No> {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => Brass)]
    pub async fn dry(&mut self, number: u32) {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if (guard_4 && guard_4 && guard_4) && guard_1 && guard_1 => _)]
    pub async fn enlist(&mut self) {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_5 => AtSea)]
    pub async fn fold(&mut self, #[reason] reason: &str) {
        self.trace.note("fold");
        Turn::default().await;
        if self.flags[3] { self.state = States::Brass; }
        Turn::default().await;
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => Amber)]
    pub async fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        Turn::default().await;
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self, number: &u32) -> bool {
        self.trace.note("guard_0");
        self.flags[3] && number % 2 == 0
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[4]
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[1]
    }

    fn guard_3(&self) -> Result<(), String> {
        self.trace.note("guard_3");
        if self.flags[3] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_4(&self) -> Result<(), String> {
        self.trace.note("guard_4");
        if self.flags[2] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_5(&self) -> bool {
        self.trace.note("guard_5");
        self.flags[1]
    }

    #[on_transition]
    async fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

    #[on_transition]
    async fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        Turn::default().await;
    }

    #[on_transition]
    async fn hook_2(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
        Turn::default().await;
    }

}

impl Subject for Machine13 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; self.log = TransitionLog::new(); }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { drive::records(&self.log) }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => drive::poll(self.adopt(), call.polls).map(drive::answer),
            1 => drive::poll(self.bind(), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(call.number), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(&call.reason), call.polls).map(drive::answer),
            6 => drive::poll(self.grant(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry(&call.number)),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold(&call.reason)),
            6 => drive::checked(self.check_grant()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(&call.number),
            4 => self.can_enlist(),
            5 => self.can_fold(&call.reason),
            6 => self.can_grant(),
            _ => false,
        }
    }
}
