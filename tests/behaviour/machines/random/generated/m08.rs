//! Machine 8, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    #[state(terminal)] Amber,
    Brass,
    #[state(terminal)] AtSea,
    Dusk,
    #[state(initial)] Ember,
}

pub struct Machine8 { state: States, flags: [bool; 5], trace: Trace, log: TransitionLog }

impl Machine8 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default(), log: TransitionLog::new() } }
}

#[state_machine(states = States, field = state, log = log)]
impl Machine8 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_0 => Brass)]
    #[transition(Ember if guard_1 || guard_0 => Dusk)]
    pub async fn adopt(&mut self) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        if self.flags[1] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(Brass if guard_0 => Amber)]
    #[transition(Dusk if guard_1 => _)]
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
    #[transition(Dusk | Ember if guard_1 || guard_0 || (guard_0 || guard_1 || guard_0) => AtSea)]
    pub fn carry(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("carry");
        if self.flags[4] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(Ember if guard_0 => Brass)]
    pub fn dry(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("dry");
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => _)]
    pub fn enlist(&mut self) -> Result<u64, No> {
        self.trace.note("enlist");
        if self.flags[4] { return Err(No); }
        Ok(1)
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(_ => AtSea)]
    pub fn fold(&mut self, number: u32) -> Result<u64, No> {
        self.trace.note("fold");
        if self.flags[4] { return Err(No); }
        Ok(u64::from(number) + 1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[0]
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[0] { Ok(()) } else { Err("the flag is down".into()) }
    }

    #[on_transition]
    fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
    }

    #[on_enter(Dusk)]
    fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        if std::mem::take(&mut self.flags[0]) {
            let answer = drive::answer(self.enlist());
            self.trace.note(format!("followed: {answer}"));
        }
    }

    #[on_enter(Amber | AtSea | Dusk)]
    fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
        if std::mem::take(&mut self.flags[2]) {
            let answer = drive::answer(self.enlist());
            self.trace.note(format!("followed: {answer}"));
        }
    }

    #[on_exit(Brass | Dusk)]
    fn hook_3(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
    }

}

impl Subject for Machine8 {
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
            1 => drive::poll(self.bind(call.number), call.polls).map(drive::answer),
            2 => Some(drive::answer(self.carry(call.number))),
            3 => Some(drive::answer(self.dry(&call.reason))),
            4 => Some(drive::answer(self.enlist())),
            5 => Some(drive::answer(self.fold(call.number))),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt()),
            1 => drive::checked(self.check_bind(&call.number)),
            2 => drive::checked(self.check_carry(&call.number)),
            3 => drive::checked(self.check_dry(&call.reason)),
            4 => drive::checked(self.check_enlist()),
            5 => drive::checked(self.check_fold(&call.number)),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(),
            1 => self.can_bind(&call.number),
            2 => self.can_carry(&call.number),
            3 => self.can_dry(&call.reason),
            4 => self.can_enlist(),
            5 => self.can_fold(&call.number),
            _ => false,
        }
    }
}
