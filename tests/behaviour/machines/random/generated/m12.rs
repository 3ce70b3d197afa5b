//! Machine 12, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    #[state(initial)] Amber,
    Brass,
}

pub struct Machine12 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine12 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine12 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if !guard_1 && !guard_1 || guard_1 && !guard_1 && guard_1 => Brass)]
    #[transition(Brass => Amber)]
    pub fn adopt(&mut self) {
        self.trace.note("adopt");
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_0 => _)]
    pub fn bind(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("bind");
        if self.flags[2] { self.state = States::Amber; }
        if self.flags[0] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if guard_1 || guard_1 => Brass)]
    pub fn carry(&mut self) {
        self.trace.note("carry");
    }

    fn guard_0(&self, number: &u32) -> bool {
        self.trace.note("guard_0");
        self.flags[2] && number % 2 == 0
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[1]
    }

    #[on_enter(Amber | Brass)]
    fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        if std::mem::take(&mut self.flags[1]) {
            let answer = drive::answer(self.adopt());
            self.trace.note(format!("followed: {answer}"));
        }
    }

    #[on_transition]
    fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

    #[on_enter(Amber | Brass)]
    fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
    }

}

impl Subject for Machine12 {
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
            1 => Some(drive::answer(self.bind(call.number))),
            2 => Some(drive::answer(self.carry())),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.number)),
            2 => drive::checked(self.check_carry()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.number),
            2 => self.can_carry(),
            _ => false,
        }
    }
}
