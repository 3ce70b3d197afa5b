//! The door of generated code. Nothing here is for people: each helper can be written by hand against the public API, and
//! `tests/behaviour/by_hand/` does so.

mod call;
mod guard;
mod listing;
mod machine;
mod place;
mod undo;

use std::marker::PhantomData;

pub use core::{
    clone::Clone,
    convert::Into,
    default::Default,
    future::Future,
    marker::{Send, Sync},
    option::Option::{self, None, Some},
    result::Result::{self, Err, Ok},
    time::Duration,
};
pub use std::{
    borrow::Cow::{self, Borrowed},
    boxed::Box,
    string::String,
    vec,
    vec::Vec,
};

pub use futures_core::Stream;
pub use serde;

pub use self::{
    call::{Call, cannot_be_refused, general},
    guard::{Asked, GuardAnswer},
    listing::{Available, available, transition},
    machine::{AFurtherStateMachineOfATypeNeedsAName, Machine, Texts, agreed, edge, no_graph, refuse, refuse_at},
    place::{Answer, Held, NoDebug, NoPlace, Place, PlainAnswer, Reason, SaysThatItFails, VersionNumber, reason},
    undo::{Undo, assert_send},
};
pub use crate::{
    actor::Actor,
    aggregate::{
        Aggregate, Creation, Decide, EventSourced, IntoEvents, Persist, SnapshotPolicy, SnapshotSchema, StatePolicy,
        StateSchema, StateStored,
    },
    clock::Clock,
    codec::{Json, Upcast, decode, encode},
    command::{Command, Handled, Policy, Targeted},
    envelope::{EventKind, Recorded, StoredEvent},
    error::{BoxError, Error},
    event::{AnyEvent, Event, EventSpec, read_stored},
    id::{Id, Uuid, parse as parse_id},
    mediator::{
        AggregateHome, AggregateRegistrar, Context, HandleCommand, HandleQuery, HandleStream, Operation,
        OperationRegistrar, PatternSubscriber, Service, ServiceRegistrar, Source, Subscriber, Undoable,
    },
    projection::{Mode, Projection},
    query::{Answers, Query},
    sensitive::SensitiveField,
    state_machine::{
        Edge, Graph, MachineFacts, Refused, State, StateMachine, StateNode, Transition, TransitionError, TransitionLog,
        TriggerError, UnknownState, UnknownTransition,
        check::{Text, ambiguous, dead_end, leaves_terminal, typestate_unnamed, unreachable_state},
        state::{
            deserialize as deserialize_state, known as known_state, known_or as known_state_or, node as state_node,
            parse as parse_state, serialize as serialize_state, show as show_state,
        },
    },
    store::Transaction,
    value_object::{Invalid, ValueObject, Verdict},
};

/// What a message without `#[command] impl` answers; an inherent function of the same name, which that macro writes, wins.
pub trait Unchecked {
    #[doc(hidden)]
    #[must_use]
    fn __bailiwick_policy() -> Policy {
        Policy::default()
    }

    #[doc(hidden)]
    fn __bailiwick_validate<E>(&self) -> Result<(), E> {
        Ok(())
    }

    #[doc(hidden)]
    fn __bailiwick_authorize(&self, _actor: &Actor) -> core::future::Ready<bool> {
        core::future::ready(true)
    }

    #[doc(hidden)]
    fn __bailiwick_audit_input(&self) -> Result<Option<String>, Error> {
        Ok(None)
    }
}

impl<T: ?Sized> Unchecked for T {}

/// The name of a sensitive field, whose type is one that hides.
#[must_use]
pub const fn sensitive<T: SensitiveField>(field: &'static str) -> &'static str {
    field
}

/// The text of an order key.
pub fn key_text<K: std::fmt::Display + ?Sized>(key: &K) -> String {
    key.to_string()
}

/// The verdict of a value object's check, with the type's name.
///
/// # Errors
/// [`Invalid`] with the reason.
pub fn judge<V: Verdict>(type_name: &'static str, verdict: V) -> Result<(), Invalid> {
    verdict.verdict().map_err(|reason| Invalid::new(type_name, reason))
}

/// A message as JSON with some fields hidden.
///
/// # Errors
/// `message/unencodable` if `Serialize` refuses.
pub fn audit_json<M: serde::Serialize + ?Sized>(message: &M, redacted: &[&str]) -> Result<Option<String>, Error> {
    crate::codec::redact(message, redacted).map(Some)
}

/// A `Result` under whatever name.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a `Result`", label = "write `Result<T, E>`")]
pub trait Outcome {
    /// The good answer.
    type Output;
    /// The other.
    type Error;
}

impl<T, E> Outcome for Result<T, E> {
    type Output = T;
    type Error = E;
}

/// A type of message, for the two questions that only its traits answer: is it a command or a query, and does it say what
/// it is answered with? The impl with the most `&` that holds is asked first.
#[derive(Debug)]
pub struct Message<M>(PhantomData<fn(M)>);

impl<M> Message<M> {
    /// The question.
    pub const NEW: Self = Self(PhantomData);
}

/// Names a command to the application.
pub trait TellCommand<S: Service> {
    #[doc(hidden)]
    fn __bailiwick_tell<R: ServiceRegistrar<S>>(&self, registrar: &mut R);
}

impl<S, M> TellCommand<S> for &&Message<M>
where
    M: Command + Handled<Home = S>,
    S: HandleCommand<M>,
{
    fn __bailiwick_tell<R: ServiceRegistrar<S>>(&self, registrar: &mut R) {
        registrar.command::<M>();
    }
}

/// Names a query to the application.
pub trait TellQuery<S: Service> {
    #[doc(hidden)]
    fn __bailiwick_tell<R: ServiceRegistrar<S>>(&self, registrar: &mut R);
}

impl<S, M> TellQuery<S> for &Message<M>
where
    M: Query + Handled<Home = S>,
    S: HandleQuery<M>,
{
    fn __bailiwick_tell<R: ServiceRegistrar<S>>(&self, registrar: &mut R) {
        registrar.query::<M>();
    }
}

/// Names a query answered by a stream to the application.
pub trait TellStream<S: Service> {
    #[doc(hidden)]
    fn __bailiwick_tell<R: ServiceRegistrar<S>>(&self, registrar: &mut R);
}

impl<S, M> TellStream<S> for &Message<M>
where
    M: Query + Handled<Home = S>,
    S: HandleStream<M>,
{
    fn __bailiwick_tell<R: ServiceRegistrar<S>>(&self, registrar: &mut R) {
        registrar.stream::<M>();
    }
}

/// Says that a message is no command.
pub trait TellNoCommand<M> {
    #[doc(hidden)]
    fn __bailiwick_tell<R>(&self, _registrar: &mut R)
    where
        M: Command,
    {
    }
}

impl<M> TellNoCommand<M> for Message<M> {}

/// Says that a message is no query.
pub trait TellNoQuery<M> {
    #[doc(hidden)]
    fn __bailiwick_tell<R>(&self, _registrar: &mut R)
    where
        M: Query,
    {
    }
}

impl<M> TellNoQuery<M> for Message<M> {}

/// Where a subscriber's events come from when nothing is said.
#[must_use]
pub const fn source_of<T: Subscriber>() -> Source {
    Source::of::<T::Event>()
}

/// Reads a stored event.
pub trait ReadEvent<E> {
    #[doc(hidden)]
    fn __bailiwick_read(&self, stored: &StoredEvent) -> Result<Option<Recorded<E>>, Error>;
}

impl<E: Event> ReadEvent<E> for &Message<E> {
    fn __bailiwick_read(&self, stored: &StoredEvent) -> Result<Option<Recorded<E>>, Error> {
        read_stored::<E>(stored)
    }
}

/// The stand-in for a type that is no event: the table of its events has said so already.
pub trait ReadNothing<E> {
    #[doc(hidden)]
    fn __bailiwick_read(&self, _stored: &StoredEvent) -> Result<Option<Recorded<E>>, Error> {
        Ok(None)
    }
}

impl<E> ReadNothing<E> for Message<E> {}

/// What a message is that is neither: nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a command nor a query",
    label = "needs `#[derive(Command)]` or `#[derive(Query)]`"
)]
pub trait CommandOrQuery {}

/// Says that a message is neither a command nor a query.
pub trait TellNeither<M> {
    #[doc(hidden)]
    fn __bailiwick_tell<R>(&self, _registrar: &mut R)
    where
        M: CommandOrQuery,
    {
    }
}

impl<M> TellNeither<M> for Message<M> {}

/// The type that a handler answers with.
#[must_use]
pub const fn answer<T>() -> PhantomData<T> {
    PhantomData
}

/// Compares what a query says that it is answered with.
pub trait AnswersDeclared<Q: Answers> {
    #[doc(hidden)]
    fn __bailiwick_answers(&self, answer: PhantomData<Q::Output>);
}

impl<Q: Answers> AnswersDeclared<Q> for &Message<Q> {
    fn __bailiwick_answers(&self, _answer: PhantomData<Q::Output>) {}
}

/// A query that does not say.
pub trait AnswersAnything {
    #[doc(hidden)]
    fn __bailiwick_answers<T>(&self, answer: PhantomData<T>);
}

impl<Q> AnswersAnything for Message<Q> {
    fn __bailiwick_answers<T>(&self, _answer: PhantomData<T>) {}
}

/// A stream that nobody will poll: the stand-in for a method that does not compile.
pub fn no_stream<T>() -> futures_util::stream::Empty<T> {
    futures_util::stream::empty()
}
