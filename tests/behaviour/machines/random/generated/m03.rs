//! Machine 3, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    Amber,
    #[state(initial)] Brass,
    AtSea,
    Dusk,
    Ember,
    Flint,
}

pub struct Machine3 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine3 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine3 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember if guard_1 => Brass)]
    #[transition(Brass if guard_0 => AtSea)]
    #[transition(Amber if guard_1 || !guard_0 || guard_1 => Ember)]
    #[transition(Brass | Flint if (guard_0 || guard_0 || guard_0) || guard_1 => Amber)]
    pub async fn adopt(&mut self) -> u64 {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Flint)]
    pub async fn bind(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => AtSea)]
    pub async fn carry(&mut self) {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if (guard_0 || guard_1 || guard_1) && (guard_1 && guard_1 && guard_0) => Amber)]
    pub async fn dry(&mut self) -> Result<u64, No> {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if !guard_0 => AtSea)]
    pub async fn enlist(&mut self, number: u32) {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_0 => Dusk)]
    pub async fn fold(&mut self) -> u64 {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
        1
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[1]
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[1]
    }

    #[on_exit(AtSea)]
    async fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

    #[on_exit(Brass | AtSea | Flint)]
    async fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        Turn::default().await;
    }

    #[on_exit(Brass | Dusk | Ember)]
    async fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
        Turn::default().await;
    }

    #[on_enter(Amber | Ember)]
    async fn hook_3(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
        Turn::default().await;
    }

    #[on_enter(Amber | Dusk | Flint)]
    async fn hook_4(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(4, taken, self.state));
        Turn::default().await;
    }

}

impl Subject for Machine3 {
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
            2 => drive::poll(self.carry(), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(call.number), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.reason)),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist(&call.number)),
            5 => drive::checked(self.check_fold()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.reason),
            2 => self.can_carry(),
            3 => self.can_dry(),
            4 => self.can_enlist(&call.number),
            5 => self.can_fold(),
            _ => false,
        }
    }
}
