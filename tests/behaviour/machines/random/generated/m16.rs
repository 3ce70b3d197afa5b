//! Machine 16, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    #[state(initial)] Amber,
    Brass,
}

pub struct Machine16 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine16 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine16 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if (guard_5 || guard_1 || !guard_5) && guard_4 => Brass)]
    #[transition(Brass if guard_5 => Amber)]
    pub fn adopt(&mut self, number: u32) -> u64 {
        self.trace.note("adopt");
        u64::from(number) + 1
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(_ if !guard_4 => Amber)]
    #[transition(Amber if guard_1 => Brass)]
    pub fn bind(&mut self) {
        self.trace.note("bind");
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[3]
    }

    fn guard_1(&self) -> bool {
        self.trace.note("guard_1");
        self.flags[0]
    }

    fn guard_2(&self, number: &u32) -> bool {
        self.trace.note("guard_2");
        self.flags[2] && number % 2 == 0
    }

    fn guard_3(&self) -> Result<(), String> {
        self.trace.note("guard_3");
        if self.flags[1] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_4(&self) -> bool {
        self.trace.note("guard_4");
        self.flags[4]
    }

    fn guard_5(&self, number: &u32) -> bool {
        self.trace.note("guard_5");
        self.flags[0] && number % 2 == 0
    }

    #[on_enter(Amber | Brass)]
    fn hook_0(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        if std::mem::take(&mut self.flags[4]) {
            let answer = drive::answer(self.bind());
            self.trace.note(format!("followed: {answer}"));
        }
    }

}

impl Subject for Machine16 {
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
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.number)),
            1 => drive::checked(self.check_bind()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.number),
            1 => self.can_bind(),
            _ => false,
        }
    }
}
