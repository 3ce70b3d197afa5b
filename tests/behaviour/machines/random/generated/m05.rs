//! Machine 5, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    #[state(initial)] Amber,
    #[state(terminal)] Brass,
    AtSea,
}

pub struct Machine5 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine5 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine5 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => _)]
    #[transition(Amber if (guard_1 || guard_1) || guard_1 || guard_1 => Brass)]
    pub async fn adopt(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        if self.flags[1] { self.state = States::Brass; }
        Turn::default().await;
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_1 => Amber)]
    #[transition(Amber if !guard_1 => AtSea)]
    pub async fn bind(&mut self) {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
    }

    fn guard_0(&self, number: &u32) -> bool {
        self.trace.note("guard_0");
        self.flags[0] && number % 2 == 0
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[1]
    }

    #[on_enter(Amber | AtSea)]
    async fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

    #[on_transition]
    async fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        Turn::default().await;
    }

    #[on_transition]
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

impl Subject for Machine5 {
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
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.reason)),
            1 => drive::checked(self.check_bind()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.reason),
            1 => self.can_bind(),
            _ => false,
        }
    }
}
