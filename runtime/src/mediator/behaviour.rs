//! Behaviours: what happens around every message, composed statically.

use std::{future::Future, sync::Arc};

use super::Context;
use crate::{command::Handled, error::SendError};

/// The answer of a message.
pub(super) type Answer<M> = Result<<M as Handled>::Output, SendError<<M as Handled>::Error>>;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// It changes something.
    Command,
    /// It reads.
    Query,
}

/// The fixed facts about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageInfo {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub kind: MessageKind,
}

/// Something that happens around messages: measuring, caching, refusing, repeating.
///
/// The behaviour added first is the outermost. All of them run outside of the transaction: when `next.run` has answered
/// `Ok`, the command is committed.
///
/// ```
/// use bailiwick::{Behaviour, Context, SendError, command::Handled, mediator::Next};
///
/// struct Loud;
///
/// impl Behaviour for Loud {
///     const NAME: &'static str = "loud";
///     async fn around<M: Handled, N: Next<M>>(
///         &self,
///         message: M,
///         cx: &mut Context<'_>,
///         next: N,
///     ) -> Result<M::Output, SendError<M::Error>> {
///         let name = cx.message().name;
///         let answer = next.run(message, cx).await;
///         eprintln!("{name}: {}", if answer.is_ok() { "ok" } else { "failed" });
///         answer
///     }
/// }
/// ```
pub trait Behaviour: Send + Sync + 'static {
    /// Its name, for `describe`.
    const NAME: &'static str;

    /// Runs around one message; it may answer without running the rest.
    fn around<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        next: N,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send;
}

/// The rest of the way of a message. It is `Copy`: a behaviour that gives up waiting may run it once more, with a message
/// that it has made anew.
pub trait Next<M: Handled>: Copy + Send + Sync {
    /// Goes on.
    fn run(
        self,
        message: M,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send;
}

/// Behaviours around behaviours: `()` is none, `(outer, inner)` adds one inside.
pub trait Behaviours: Send + Sync + 'static {
    /// Leads a message through all of them to `inner`.
    fn run<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        inner: N,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send;

    /// Their names, outermost first.
    fn names(names: &mut Vec<&'static str>);
}

impl Behaviours for () {
    fn run<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        inner: N,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send {
        inner.run(message, cx)
    }

    fn names(_: &mut Vec<&'static str>) {}
}

impl<U: Behaviours, B: Behaviour> Behaviours for (U, B) {
    fn run<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        inner: N,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send {
        self.0.run(message, cx, Around { behaviour: &self.1, inner })
    }

    fn names(names: &mut Vec<&'static str>) {
        U::names(names);
        names.push(B::NAME);
    }
}

impl<U: Behaviours> Behaviours for Arc<U> {
    fn run<M: Handled, N: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        inner: N,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send {
        U::run(self, message, cx, inner)
    }

    fn names(names: &mut Vec<&'static str>) {
        U::names(names);
    }
}

struct Around<'a, B, N> {
    behaviour: &'a B,
    inner: N,
}

impl<B, N: Copy> Clone for Around<'_, B, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B, N: Copy> Copy for Around<'_, B, N> {}

impl<M: Handled, B: Behaviour, N: Next<M>> Next<M> for Around<'_, B, N> {
    fn run(
        self,
        message: M,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<M::Output, SendError<M::Error>>> + Send {
        self.behaviour.around(message, cx, self.inner)
    }
}
