//! Machine 20, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    #[state(terminal)] Amber,
    #[state(initial)] Brass,
    AtSea,
    Dusk,
    Ember,
    #[state(terminal)] Flint,
    InTheGrove,
    Haze,
}

pub struct Machine20 { state: States, flags: [bool; 5], trace: Trace }

impl Machine20 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default() } }
}

#[state_machine(states = States, field = state)]
impl Machine20 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if !guard_0 => Flint)]
    #[transition(Brass => AtSea)]
    pub async fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        if self.flags[1] { self.state = States::Amber; }
        Turn::default().await;
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Haze if guard_0 => Haze)]
    pub async fn bind(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => _)]
    #[transition(Haze if !guard_1 => AtSea)]
    #[transition(InTheGrove if (guard_0 || !guard_1 || guard_1) && guard_0 && !guard_1 => Brass)]
    pub async fn carry(&mut self, number: u32) -> u64 {
        self.trace.note("carry");
        Turn::default().await;
        if self.flags[4] { self.state = States::Amber; }
        Turn::default().await;
        u64::from(number) + 1
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ | Amber => _)]
    pub async fn dry(&mut self) -> Result<u64, No> {
        self.trace.note("dry");
        Turn::default().await;
        if self.flags[1] { self.state = States::Brass; }
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea | Ember if guard_0 => Dusk)]
    pub async fn enlist(&mut self) -> Result<u64, No> {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_0 && (guard_0 || guard_0 || !guard_0) && guard_0 => Ember)]
    pub async fn fold(&mut self) -> u64 {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if guard_0 => Haze)]
    #[transition(Brass if guard_0 => Amber)]
    pub async fn grant(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("grant");
        Turn::default().await;
        if self.flags[4] { self.state = States::Flint; }
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_0 => _)]
    pub async fn hold_back(&mut self) -> u64 {
        self.trace.note("hold_back");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To issue.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_0 => Haze)]
    pub async fn issue(&mut self, #[reason] reason: &str) {
        self.trace.note("issue");
        Turn::default().await;
        Turn::default().await;
    }

    /// To join.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if (guard_0 || guard_0) && (guard_0 || guard_0 || guard_0) => InTheGrove)]
    pub async fn join(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("join");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[1]
    }

    fn guard_1(&self, number: &u32) -> bool {
        self.trace.note("guard_1");
        self.flags[3] && number % 2 == 0
    }

}

impl Subject for Machine20 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { Vec::new() }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => drive::poll(self.adopt(), call.polls).map(drive::answer),
            1 => drive::poll(self.bind(call.number), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(call.number), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(), call.polls).map(drive::answer),
            6 => drive::poll(self.grant(&call.reason), call.polls).map(drive::answer),
            7 => drive::poll(self.hold_back(), call.polls).map(drive::answer),
            8 => drive::poll(self.issue(&call.reason), call.polls).map(drive::answer),
            9 => drive::poll(self.join(&call.reason), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.number)),
            2 => drive::checked(self.check_carry(&call.number)),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold()),
            6 => drive::checked(self.check_grant(&call.reason)),
            7 => drive::checked(self.check_hold_back()),
            8 => drive::checked(self.check_issue(&call.reason)),
            9 => drive::checked(self.check_join(&call.reason)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.number),
            2 => self.can_carry(&call.number),
            3 => self.can_dry(),
            4 => self.can_enlist(),
            5 => self.can_fold(),
            6 => self.can_grant(&call.reason),
            7 => self.can_hold_back(),
            8 => self.can_issue(&call.reason),
            9 => self.can_join(&call.reason),
            _ => false,
        }
    }
}
