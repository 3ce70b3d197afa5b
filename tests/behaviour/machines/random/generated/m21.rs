//! Machine 21, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    Brass,
    #[state(terminal)] AtSea,
    #[state(terminal)] Dusk,
    #[state(initial)] Ember,
}

pub struct Machine21 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine21 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine21 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember if (guard_5 || guard_3 || guard_1) && guard_1 => _)]
    #[transition(Ember => Brass)]
    pub fn adopt(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("adopt");
        if self.flags[2] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ | Dusk if guard_2 => _)]
    #[transition(Brass => AtSea)]
    pub fn bind(&mut self) -> Result<u64, No> {
        self.trace.note("bind");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember if guard_2 => Amber)]
    #[transition(Amber | Brass if !guard_3 || !guard_2 && guard_0 && guard_2 || !guard_0 => Dusk)]
    pub async fn carry(&mut self) -> u64 {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => Ember)]
    pub async fn dry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[3]
    }

    fn guard_1(&self, number: &u32) -> bool {
        self.trace.note("guard_1");
        self.flags[0] && number % 2 == 0
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[2]
    }

    fn guard_3(&self) -> bool {
        self.trace.note("guard_3");
        self.flags[3]
    }

    fn guard_4(&self, number: &u32) -> bool {
        self.trace.note("guard_4");
        self.flags[0] && number % 2 == 0
    }

    fn guard_5(&self, number: &u32) -> bool {
        self.trace.note("guard_5");
        self.flags[2] && number % 2 == 0
    }

    #[on_exit(Ember)]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_transition]
    fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

    #[on_transition]
    fn hook_2(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
    }

    #[on_exit(Amber | Brass)]
    fn hook_3(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
    }

    #[on_exit(Amber)]
    fn hook_4(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(4, taken, self.state));
    }

}

impl Subject for Machine21 {
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
            1 => Some(drive::answer(self.bind())),
            2 => drive::poll(self.carry(), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(&call.reason), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry(&call.reason)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.number),
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(&call.reason),
            _ => false,
        }
    }
}
