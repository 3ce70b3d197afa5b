//! The questions that only the traits of a message answer.

use std::marker::PhantomData;

use crate::{
    command::{Command, Handled},
    envelope::{Recorded, StoredEvent},
    error::Error,
    event::{Event, read_stored},
    mediator::{HandleCommand, HandleQuery, HandleStream, Service, ServiceRegistrar, Source, Subscriber},
    query::{Answers, Query},
};

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
