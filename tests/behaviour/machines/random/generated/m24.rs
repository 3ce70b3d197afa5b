//! Machine 24, by chance. The renderer wrote it; it is not changed by hand.

use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};

use super::super::drive::{self, Call, No, Subject, Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    Amber,
    Brass,
    AtSea,
    Dusk,
    Ember,
    #[state(terminal)] Flint,
    #[state(initial)] InTheGrove,
    Haze,
    Iron,
    Jade,
    Kelp,
    Loam,
}

pub struct Machine24 { state: States, flags: [bool; 5], trace: Trace }

impl Machine24 {
    pub fn new() -> Self { Self { state: States::INITIAL, flags: [false; 5], trace: Trace::default() } }
}

#[state_machine(states = States, field = state)]
impl Machine24 {
    /// To adopt.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk => Loam)]
    #[transition(InTheGrove => Loam)]
    #[transition(Kelp => Haze)]
    pub async fn adopt(&mut self, #[reason] reason: &str) -> Result<u64, No> {
        self.trace.note("adopt");
        Turn::default().await;
        Turn::default().await;
        if self.flags[0] { return Err(No); }
        Ok(1)
    }

    /// To bind.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea if guard_1 || (guard_0 || !guard_2) || !guard_2 => Kelp)]
    #[transition(Loam if (guard_1 || !guard_0) || guard_2 || (guard_1 || !guard_0 || guard_1) => Brass)]
    pub async fn bind(&mut self) {
        self.trace.note("bind");
        Turn::default().await;
        Turn::default().await;
    }

    /// To carry.
    ///
    /// Later paragraphs stay here.
    #[transition(AtSea => Dusk)]
    #[transition(InTheGrove if guard_2 => AtSea)]
    pub async fn carry(&mut self) -> u64 {
        self.trace.note("carry");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To dry.
    ///
    /// Later paragraphs stay here.
    #[transition(InTheGrove if !guard_0 || guard_2 && guard_2 || !guard_0 => Haze)]
    #[transition(Ember if guard_2 => Dusk)]
    #[transition(Amber if guard_1 => Jade)]
    pub async fn dry(&mut self, number: u32) {
        self.trace.note("dry");
        Turn::default().await;
        Turn::default().await;
    }

    /// To enlist.
    ///
    /// Later paragraphs stay here.
    #[transition(Dusk if guard_0 => Ember)]
    pub async fn enlist(&mut self, #[reason] reason: &str) {
        self.trace.note("enlist");
        Turn::default().await;
        Turn::default().await;
    }

    /// To fold.
    ///
    /// Later paragraphs stay here.
    #[transition(Iron | Loam => Flint)]
    #[transition(Brass | Jade if !guard_0 => Iron)]
    pub async fn fold(&mut self, #[reason] reason: &str) -> u64 {
        self.trace.note("fold");
        Turn::default().await;
        Turn::default().await;
        1
    }

    /// To grant.
    ///
    /// Later paragraphs stay here.
    #[transition(Haze => Amber)]
    pub async fn grant(&mut self) -> Result<u64, No> {
        self.trace.note("grant");
        Turn::default().await;
        Turn::default().await;
        if self.flags[3] { return Err(No); }
        Ok(1)
    }

    fn guard_0(&self) -> bool {
        self.trace.note("guard_0");
        self.flags[3]
    }

    fn guard_1(&self) -> Result<(), String> {
        self.trace.note("guard_1");
        if self.flags[2] { Ok(()) } else { Err("the flag is down".into()) }
    }

    fn guard_2(&self) -> bool {
        self.trace.note("guard_2");
        self.flags[0]
    }

    #[on_exit(Kelp)]
    async fn hook_0(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(0, taken, self.state));
        Turn::default().await;
    }

    #[on_exit(InTheGrove)]
    async fn hook_1(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(1, taken, self.state));
        Turn::default().await;
    }

    #[on_enter(Amber | Haze | Kelp)]
    async fn hook_2(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(2, taken, self.state));
        Turn::default().await;
    }

    #[on_exit(Iron | Kelp)]
    async fn hook_3(&self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(3, taken, self.state));
        Turn::default().await;
    }

    #[on_exit(Ember | InTheGrove)]
    async fn hook_4(&mut self, taken: &Transition<'_, States>) {
        self.trace.note(drive::told(4, taken, self.state));
        Turn::default().await;
    }

}

impl Subject for Machine24 {
    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }
    fn load(&mut self, state: usize) { self.state = States::ALL[state]; }
    fn state(&self) -> &'static str { self.state.name() }
    fn log(&self) -> Vec<String> { Vec::new() }
    fn trace(&mut self) -> Vec<String> { self.trace.take() }
    fn graph(&self) -> Graph { Self::GRAPH }
    fn available(&self) -> Vec<String> { self.available().map(|transition| transition.as_str().to_owned()).collect() }

    fn call(&mut self, call: &Call) -> Option<String> {
        match call.method {
            0 => drive::poll(self.adopt(&call.reason), call.polls).map(drive::answer),
            1 => drive::poll(self.bind(), call.polls).map(drive::answer),
            2 => drive::poll(self.carry(), call.polls).map(drive::answer),
            3 => drive::poll(self.dry(call.number), call.polls).map(drive::answer),
            4 => drive::poll(self.enlist(&call.reason), call.polls).map(drive::answer),
            5 => drive::poll(self.fold(&call.reason), call.polls).map(drive::answer),
            6 => drive::poll(self.grant(), call.polls).map(drive::answer),
            _ => None,
        }
    }

    fn check(&self, call: &Call) -> String {
        match call.method {
            0 => drive::checked(self.check_adopt(&call.reason)),
            1 => drive::checked(self.check_bind()),
            2 => drive::checked(self.check_carry()),
            3 => drive::checked(self.check_dry(&call.number)),
            4 => drive::checked(self.check_enlist(&call.reason)),
            5 => drive::checked(self.check_fold(&call.reason)),
            6 => drive::checked(self.check_grant()),
            _ => String::new(),
        }
    }
    fn can(&self, call: &Call) -> bool {
        match call.method {
            0 => self.can_adopt(&call.reason),
            1 => self.can_bind(),
            2 => self.can_carry(),
            3 => self.can_dry(&call.number),
            4 => self.can_enlist(&call.reason),
            5 => self.can_fold(&call.reason),
            6 => self.can_grant(),
            _ => false,
        }
    }
}
