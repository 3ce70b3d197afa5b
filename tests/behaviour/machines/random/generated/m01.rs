//! Machine 1, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    #[state(terminal)] Amber,
    Brass,
    AtSea,
    Dusk,
    Ember,
    Flint,
    InTheGrove,
    Haze,
    Iron,
    Jade,
    #[state(initial)] Kelp,
}

pub struct Machine1 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine1 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine1 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => InTheGrove)]
    #[transition(Haze | Kelp if guard_3 => Jade)]
    #[transition(Dusk => Kelp)]
    #[transition(Ember if guard_0 => Amber)]
    pub async fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ | Amber if guard_1 => _)]
    pub async fn bind(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => _)]
    pub async fn carry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Amber)]
    #[transition(Jade | Kelp if guard_2 || guard_3 || (guard_2 || !guard_0) => AtSea)]
    pub async fn dry(&mut self, #[reason] reason: &str) {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Jade => Ember)]
    #[transition(Kelp if (!guard_0 && !guard_0 && guard_3) && (guard_3 || guard_1 || guard_0) => Haze)]
    pub async fn enlist(&mut self) {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea | Flint => Dusk)]
    pub async fn fold(&mut self) -> Result<u64, No> {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(InTheGrove => Iron)]
    #[transition(Iron if guard_2 => Kelp)]
    pub async fn grant(&mut self) -> u64 {
        self.trace.note("grant");
        Turn::default().await;
        if self.flags[4] { self.state = States::Brass; }
        Turn::default().await;
        1
    }

    /// To hold_back.
    ///
    /// Later paragraphs stay here.
    #[transition(Kelp => Flint)]
    pub async fn hold_back(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("hold_back");
        Turn::default().await;
        Turn::default().await;
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To issue.
    ///
    /// Later paragraphs stay here.
    #[transition(InTheGrove | Kelp => Amber)]
    pub async fn issue(&mut self, number: u32) -> u64 {
        self.trace.note("issue");
        Turn::default().await;
        Turn::default().await;
        u64::from(number) + 1
    }

    /// To join.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => AtSea)]
    pub async fn join(&mut self) -> Result<u64, No> {
        self.trace.note("join");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To keep.
    ///
    /// Later paragraphs stay here.
    #[transition(Kelp => Brass)]
    pub async fn keep(&mut self) {
        self.trace.note("keep");
        Turn::default().await;
        Turn::default().await;
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[0]
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[4]
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[1]
    }

    fn guard_3(&self) -> bool {
        self.trace.note("guard_3");
        self.flags[0]
    }

    fn guard_4(&self, number: &u32) -> bool {
        self.trace.note("guard_4");
        self.flags[3] && number % 2 == 0
    }

    fn guard_5(&self, number: &u32) -> bool {
        self.trace.note("guard_5");
        self.flags[4] && number % 2 == 0
    }

    #[on_enter(Flint | Iron)]
    async fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

}

impl Subject for Machine1 {
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
            2 => drive::poll(self.carry(&call.reason), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(&call.reason), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(), call.polls).map(drive::answer),
            6 => drive::poll(self.grant(), call.polls).map(drive::answer),
            7 => drive::poll(self.hold_back(&call.reason), call.polls).map(drive::answer),
            8 => drive::poll(self.issue(call.number), call.polls).map(drive::answer),
            9 => drive::poll(self.join(), call.polls).map(drive::answer),
            10 => drive::poll(self.keep(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.reason)),
            2 => drive::checked(self.check_carry(&call.reason)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold()),
            6 => drive::checked(self.check_grant()),
            7 => drive::checked(self.check_hold_back(&call.reason)),
            8 => drive::checked(self.check_issue(&call.number)),
            9 => drive::checked(self.check_join()),
            10 => drive::checked(self.check_keep()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.reason),
            2 => self.can_carry(&call.reason),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(),
            5 => self.can_fold(),
            6 => self.can_grant(),
            7 => self.can_hold_back(&call.reason),
            8 => self.can_issue(&call.number),
            9 => self.can_join(),
            10 => self.can_keep(),
            _ => false,
        }
    }
}
