//! Machine 6, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    #[state(terminal)] Amber,
    #[state(terminal)] Brass,
    #[state(initial)] AtSea,
}

pub struct Machine6 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine6 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine6 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => _)]
    pub async fn adopt(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        if self.flags[2] { self.state = States::AtSea; }
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_3 => _)]
    pub async fn bind(&mut self) -> Result<u64, No> {
        self.trace.note("bind");
        Turn::default().await;
        if self.flags[2] { self.state = States::Amber; }
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => _)]
    pub async fn carry(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if (guard_0 || guard_1) || (guard_3 || guard_0) || (guard_3 || guard_3) => Amber)]
    pub async fn dry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_3 => _)]
    pub async fn enlist(&mut self) -> Result<u64, No> {
        self.trace.note("enlist");
        Turn::default().await;
        if self.flags[1] { self.state = States::Amber; }
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if (guard_1 && guard_1) && (guard_0 && guard_3) && (guard_3 || guard_0) => Brass)]
    pub async fn fold(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("fold");
        Turn::default().await;
        if self.flags[0] { self.state = States::Brass; }
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> Result<(), String> {
        self.trace.note("guard_0");
        if self.flags[2] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[2]
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[2]
    }

    fn guard_3(&self) -> Result<(), String> {
        self.trace.note("guard_3");
        if self.flags[3] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_enter(Brass)]
    async fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

    #[on_exit(AtSea)]
    async fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        Turn::default().await;
    }

    #[on_enter(Amber | Brass)]
    async fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
        Turn::default().await;
    }

    #[on_enter(Amber | Brass)]
    async fn hook_3(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
        Turn::default().await;
    }

}

impl Subject for Machine6 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; self.log = TransitionLog::new(); }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { drive::records(&self.log) }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => drive::poll(self.adopt(&call.reason), call.polls).map(drive::answer),
            1 => drive::poll(self.bind(), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(&call.reason), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(&call.reason), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(&call.reason), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.reason)),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry(&call.reason)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold(&call.reason)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.reason),
            1 => self.can_bind(),
            2 => self.can_carry(&call.reason),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(),
            5 => self.can_fold(&call.reason),
            _ => false,
        }
    }
}
