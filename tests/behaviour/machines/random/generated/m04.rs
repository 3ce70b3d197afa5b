//! Machine 4, by chance. The renderer wrote it; it is not changed by hand.

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
    InTheGrove,
    Haze,
    Iron,
    #[state(terminal)] Jade,
    Kelp,
    Loam,
}

pub struct Machine4 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine4 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine4 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(_ | Jade if !guard_1 => _)]
    #[transition(AtSea if (guard_2 && guard_2) && (guard_0 || guard_2 || guard_0) => Amber)]
    #[transition(Haze => Brass)]
    pub async fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        if self.flags[3] { self.state = States::Brass; }
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_1 => InTheGrove)]
    pub async fn bind(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Kelp => Jade)]
    #[transition(AtSea => Iron)]
    #[transition(Dusk => Amber)]
    pub async fn carry(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => AtSea)]
    #[transition(InTheGrove if guard_1 && guard_0 && (guard_1 || guard_0) => Ember)]
    #[transition(AtSea => Kelp)]
    pub async fn dry(&mut self, #[reason] reason: &str) {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron if (guard_1 || guard_2) && (guard_1 || guard_0 || guard_0) && guard_2 => AtSea)]
    #[transition(Amber if (guard_2 || guard_0) && guard_0 && guard_2 => Flint)]
    pub async fn enlist(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(_ | Jade if (!guard_1 || guard_2) && (guard_2 && guard_1) && guard_1 => _)]
    #[transition(Ember | Loam if (guard_2 || guard_0 || guard_0) && (!guard_1 || guard_1) => Brass)]
    pub async fn fold(&mut self, #[reason] reason: &str) {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_0 && (guard_0 && guard_2 && !guard_1) => Dusk)]
    #[transition(Amber if guard_0 && guard_1 || guard_1 && guard_1 || guard_1 && guard_1 && guard_2 => Jade)]
    #[transition(_ if guard_0 => Ember)]
    pub async fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        Turn::default().await;
        if self.flags[1] { self.state = States::Kelp; }
        Turn::default().await;
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_2 => Loam)]
    pub async fn hold_back(&mut self, number: u32) -> u64 {
        self.trace.note("hold_back");
        Turn::default().await;
        if self.flags[0] { self.state = States::Loam; }
        Turn::default().await;
        u64::from(number) + 1
    }

    /// To issue.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron => Haze)]
    #[transition(Flint => Dusk)]
    pub async fn issue(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("issue");
        Turn::default().await;
        if self.flags[2] { self.state = States::AtSea; }
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> Result<(), String> {
        self.trace.note("guard_0");
        if self.flags[1] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[2]
    }

    fn guard_2(&self) -> Result<(), String> {
        self.trace.note("guard_2");
        if self.flags[4] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_exit(Dusk | InTheGrove | Loam)]
    async fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

}

impl Subject for Machine4 {
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
            1 => drive::poll(self.bind(&call.reason), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(call.number), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(&call.reason), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(call.number), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(&call.reason), call.polls).map(drive::answer),
            6 => drive::poll(self.grant(), call.polls).map(drive::answer),
            7 => drive::poll(self.hold_back(call.number), call.polls).map(drive::answer),
            8 => drive::poll(self.issue(&call.reason), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.reason)),
            2 => drive::checked(self.check_carry(&call.number)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist(&call.number)),
            5 => drive::checked(self.check_fold(&call.reason)),
            6 => drive::checked(self.check_grant()),
            7 => drive::checked(self.check_hold_back(&call.number)),
            8 => drive::checked(self.check_issue(&call.reason)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.reason),
            2 => self.can_carry(&call.number),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(&call.number),
            5 => self.can_fold(&call.reason),
            6 => self.can_grant(),
            7 => self.can_hold_back(&call.number),
            8 => self.can_issue(&call.reason),
            _ => false,
        }
    }
}
