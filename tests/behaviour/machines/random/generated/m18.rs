//! Machine 18, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum States {
    Amber,
    #[state(initial)] Brass,
    AtSea,
    Dusk,
}

pub struct Machine18 { state: States, flags: [bool; 5], trace: Trace, version: u64, log: TransitionLog }

impl Machine18 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), version: 7, log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, version = version, log = log)]
impl Machine18 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_4 || guard_1 => Dusk)]
    pub async fn adopt(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Amber if guard_4 => AtSea)]
    #[transition(_ if guard_0 => Dusk)]
    pub fn bind(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("bind");
        if self.flags[3] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_3 && guard_4 || (!guard_0 || guard_3) => Dusk)]
    pub fn carry(&mut self) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => Brass)]
    pub fn dry(&mut self) -> Result<u64, No> {
        self.trace.note("dry");
        if self.flags[2] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass => Amber)]
    pub fn enlist(&mut self, number: u32) -> u64 {
        self.trace.note("enlist");
        u64::from(number) + 1
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[2]
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[3] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[2]
    }

    fn guard_3(&self) -> Result<(), String> {
        self.trace.note("guard_3");
        if self.flags[4] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_4(&self) -> Result<(), String> {
        self.trace.note("guard_4");
        if self.flags[0] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_exit(Amber | AtSea)]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_exit(Amber)]
    fn hook_1(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
    }

    #[on_enter(Amber | AtSea | Dusk)]
    fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
        if std::mem::take(&mut self.flags[3]) {
            let answer = drive::answer(self.dry());
            self.trace.note(format!("followed: {answer}"));
        }
    }

    #[on_exit(AtSea | Dusk)]
    fn hook_3(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
    }

    #[on_enter(Amber)]
    fn hook_4(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(4, taken, self.state));
        if std::mem::take(&mut self.flags[1]) {
            let answer = drive::answer(self.carry());
            self.trace.note(format!("followed: {answer}"));
        }
    }

}

impl Subject for Machine18 {
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
            1 => Some(drive::answer(self.bind(call.number))),
            2 => Some(drive::answer(self.carry())),
            3 => Some(drive::answer(self.dry())),
            4 => Some(drive::answer(self.enlist(call.number))),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.reason)),
            1 => drive::checked(self.check_bind(&call.number)),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry()),
            4 => drive::checked(self.check_enlist(&call.number)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.reason),
            1 => self.can_bind(&call.number),
            2 => self.can_carry(),
            3 => self.can_dry(),
            4 => self.can_enlist(&call.number),
            _ => false,
        }
    }
}
