//! Every transition in every state, against the graph.

mod table;

use std::str::FromStr;

use self::table::Table;
use crate::{
    error::Error,
    state_machine::{State, StateMachine},
};

/// Calls each transition of a machine in each of its states, and compares what happens with the graph:
///
/// | the graph says | what must happen |
/// |---|---|
/// | no edge starts here | refused as illegal |
/// | edges start here | taken, to where one of them leads; or the action failed |
/// | all of these have guards | this, or refused by a guard |
///
/// What is refused or fails leaves the state and the log as they were; what is taken is the first new record of the log, if
/// there is one, and each further record starts where the one before it led. A machine whose hooks go on to a further
/// transition needs a log for that.
///
/// `make` makes a machine in a state, with whatever its guards ask for; `call` calls a transition. The transition comes as
/// anything that its name can be parsed into: the enum that `#[state_machine]` generates, so that a `match` misses none, or a
/// `String`. Inside `call`, `?` turns every refusal into an [`Error`].
///
/// The answer counts what happened. [`every_pair_async`] is the same for `async` transitions.
///
/// ```
/// use bailiwick::{Error, State, state_machine, testing};
///
/// #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
/// enum DoorState { #[state(initial)] Open, Shut, #[state(terminal)] Bricked }
///
/// struct Door { state: DoorState, inside: u32 }
///
/// #[state_machine(states = DoorState, field = state)]
/// impl Door {
///     #[transition(Open if empty => Shut)]
///     fn shut(&mut self) {}
///     #[transition(Shut => Open)]
///     fn open(&mut self) {}
///     #[transition(_ => Bricked)]
///     fn brick(&mut self) {}
///
///     fn empty(&self) -> bool { self.inside == 0 }
/// }
///
/// let door = |state| Door { state, inside: 0 };
/// let pairs = testing::every_pair(door, |door, transition: DoorTransition| {
///     match transition {
///         DoorTransition::Shut => door.shut()?,
///         DoorTransition::Open => door.open()?,
///         DoorTransition::Brick => door.brick()?,
///     }
///     Ok(())
/// });
/// assert_eq!((pairs.taken(), pairs.illegal(), pairs.guarded(), pairs.failed()), (4, 5, 0, 0));
/// ```
///
/// # Panics
/// If anything else happens, with one line for each pair; or if `T` does not know the name of a transition.
#[track_caller]
pub fn every_pair<S, M, T>(make: impl Fn(S) -> M, mut call: impl FnMut(&mut M, T) -> Result<(), Error>) -> Pairs
where
    S: State,
    M: StateMachine<S>,
    T: FromStr,
{
    let mut table = Table::<S, M>::new();
    for (state, transition) in table.pairs() {
        let mut machine = make(state);
        let answer = table.ready(&machine, (state, transition)).then(|| call(&mut machine, parse(transition)));
        table.judge(&machine, (state, transition), answer);
    }
    match table.end() {
        Ok(pairs) => pairs,
        Err(text) => panic!("{text}"),
    }
}

/// [`every_pair`] of a machine with `async` transitions.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use bailiwick::{State, state_machine, testing};
///
/// #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
/// enum LampState { #[state(initial)] Off, On, #[state(terminal)] Broken }
///
/// struct Lamp { state: LampState }
///
/// #[state_machine(states = LampState, field = state)]
/// impl Lamp {
///     #[transition(Off => On)]
///     async fn turn_on(&mut self) {}
///     #[transition(On => Broken)]
///     fn drop_it(&mut self) {}
/// }
///
/// let pairs = testing::every_pair_async(|state| Lamp { state }, async |lamp, transition: LampTransition| {
///     match transition {
///         LampTransition::TurnOn => lamp.turn_on().await?,
///         LampTransition::DropIt => lamp.drop_it()?,
///     }
///     Ok(())
/// })
/// .await;
/// assert_eq!((pairs.taken(), pairs.illegal()), (2, 4));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
/// As [`every_pair`] does.
pub async fn every_pair_async<S, M, T>(
    make: impl Fn(S) -> M,
    mut call: impl AsyncFnMut(&mut M, T) -> Result<(), Error>,
) -> Pairs
where
    S: State,
    M: StateMachine<S>,
    T: FromStr,
{
    let mut table = Table::<S, M>::new();
    for (state, transition) in table.pairs() {
        let mut machine = make(state);
        let answer = match table.ready(&machine, (state, transition)) {
            true => Some(call(&mut machine, parse(transition)).await),
            false => None,
        };
        table.judge(&machine, (state, transition), answer);
    }
    match table.end() {
        Ok(pairs) => pairs,
        Err(text) => panic!("{text}"),
    }
}

fn parse<T: FromStr>(transition: &str) -> T {
    transition.parse().unwrap_or_else(|_| panic!("`{transition}` is no `{}`", std::any::type_name::<T>()))
}

/// What came of [`every_pair`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pairs {
    taken: usize,
    illegal: usize,
    guarded: usize,
    failed: usize,
}

impl Pairs {
    /// How many pairs are a transition that was taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// How many do not start from their state.
    #[must_use]
    pub fn illegal(&self) -> usize {
        self.illegal
    }

    /// How many a guard refused. Their edges are not tried: make machines whose guards agree, in a second run.
    #[must_use]
    pub fn guarded(&self) -> usize {
        self.guarded
    }

    /// How many failed in their action.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.failed
    }
}

#[cfg(test)]
mod tests;
