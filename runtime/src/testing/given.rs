//! Given some events, when a command comes, then these events follow: an aggregate tested without a store or a runtime.

use std::fmt::{self, Debug};

use crate::{
    aggregate::{Aggregate, Decide, Persist, Root},
    codec::writing,
    command::{Command, Handled, Targeted},
    error::SendError,
    event::Event,
    version::Version,
};

/// Given-when-then for every aggregate.
pub trait GivenWhenThen: Aggregate {
    /// The past of the aggregate; none for one that does not exist yet. One with `persist = entity` is stored and read again
    /// after each event.
    ///
    /// # Panics
    /// If its state cannot be stored and read again.
    #[track_caller]
    fn given(events: impl IntoIterator<Item = Self::Event>) -> Given<Self> {
        let (mut state, mut version) = (Self::default(), Version::NONE);
        for event in events {
            state.apply(&event);
            version = version.plus(1);
            state = as_stored(state);
        }
        Given { state, version }
    }
}

impl<A: Aggregate> GivenWhenThen for A {}

/// An aggregate with a past.
#[must_use = "say what happens with `.when(command)`"]
pub struct Given<A> {
    state: A,
    version: Version,
}

impl<A: Aggregate> Given<A> {
    /// Lets the aggregate decide on a command, after the command's own `#[validate]`.
    pub fn when<C>(self, command: C) -> Outcome<A>
    where
        C: Command + Targeted<Id = A::Id> + Handled<Error = A::Error>,
        A: Decide<C>,
    {
        let mut root = Root::restore(command.target_id().clone(), self.state, self.version);
        let answer = command.validate().map_err(SendError::Rejected).and_then(|()| root.decide(command));
        Outcome { root, answer }
    }
}

/// What came of a command.
#[must_use = "say what is expected with `.then(…)`, `.rejects(…)` or `.fails(…)`"]
pub struct Outcome<A: Aggregate> {
    root: Root<A>,
    answer: Result<(), SendError<A::Error>>,
}

impl<A: Aggregate> Outcome<A> {
    /// Expects exactly these events, and that each can be stored and read again. The answer is the aggregate; one with
    /// `persist = entity` as it is when it is loaded again, without pending events.
    ///
    /// # Panics
    /// If there are others, the command failed, or the state of an aggregate with `persist = entity` cannot be stored and
    /// read again.
    #[track_caller]
    pub fn then(self, expected: impl IntoIterator<Item = A::Event>) -> Root<A>
    where
        A::Event: PartialEq + Debug,
    {
        let expected: Vec<A::Event> = expected.into_iter().collect();
        match &self.answer {
            Err(error) => panic!("expected {expected:?}, but the command failed: {error:?}"),
            Ok(()) => assert_eq!(self.root.pending(), expected, "left: the events of the decision, right: expected"),
        }
        self.root.pending().iter().for_each(storable);
        match read_again(self.root.state()) {
            Some(state) => Root::restore(self.root.id().clone(), state, self.root.version()),
            None => self.root,
        }
    }

    /// Expects the domain's no. Rejections are compared by their `Debug` text.
    ///
    /// # Panics
    /// If the command succeeded, failed otherwise, or was rejected with another error.
    #[track_caller]
    pub fn rejects(self, expected: A::Error) {
        match &self.answer {
            Err(SendError::Rejected(rejection)) => {
                assert_eq!(format!("{rejection:?}"), format!("{expected:?}"), "left: the rejection, right: expected");
            }
            Err(SendError::Runtime(error)) => panic!("expected the rejection {expected:?}, but it failed: {error:?}"),
            Ok(()) => panic!("expected the rejection {expected:?}, but {} events followed", self.root.pending().len()),
        }
    }

    /// Expects an error of the framework with this code, such as `aggregate/not_found`.
    ///
    /// # Panics
    /// If the command succeeded, was rejected, or failed with another code.
    #[track_caller]
    pub fn fails(self, code: &str) {
        match &self.answer {
            Err(SendError::Runtime(error)) => assert_eq!(error.code(), code, "left: the error's code, right: expected"),
            Err(SendError::Rejected(rejection)) => panic!("expected `{code}`, but it was rejected: {rejection:?}"),
            Ok(()) => panic!("expected `{code}`, but {} events followed", self.root.pending().len()),
        }
    }
}

#[track_caller]
fn storable<E: Event + PartialEq + Debug>(event: &E) {
    let spec = event.spec();
    let read = writing(0, || event.encode()).0.and_then(|payload| E::decode(spec.name, spec.version, &payload));
    match read {
        Ok(read) => assert_eq!(&read, event, "left: `{}` read from its JSON, right: as it was raised", spec.name),
        Err(error) => panic!("`{}` cannot be stored and read again: {error:?}", spec.name),
    }
}

/// The state as a load finds it.
#[track_caller]
fn as_stored<A: Aggregate>(state: A) -> A {
    read_again(&state).unwrap_or(state)
}

/// What the store gives back; `None` if it keeps no state.
#[track_caller]
fn read_again<A: Aggregate>(state: &A) -> Option<A> {
    let Persist::Entity(policy) = A::PERSIST else { return None };
    match (policy.encode)(state).and_then(|stored| (policy.decode)(&stored)) {
        Ok(state) => Some(state),
        Err(error) => panic!("the state of `{}` cannot be stored and read again: {error:?}", A::NAME),
    }
}

impl<A> Debug for Given<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given(version {})", self.version)
    }
}

impl<A: Aggregate> Debug for Outcome<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outcome({:?})", self.answer.as_ref().map_err(ToString::to_string))
    }
}
