//! Who handles the messages of a subscription.

use std::future::Future;

use futures_util::future::BoxFuture;

use crate::{envelope::Envelope, error::Error, unit_of_work::UnitOfWork};

/// Takes the messages of one subscription; `mediator` supplies it, or a test.
pub trait Receiver: Send + Sync + 'static {
    /// The subscription's name: consumer of the inbox, group of the broker, source of its dead letters.
    fn name(&self) -> &str;

    /// Whether it takes events of this name; others on the same topic are settled and left alone.
    fn knows(&self, event: &str) -> bool;

    /// Handles one message. What it stages goes into `unit`, which comes back: filled if the answer is `Ok`, to be rolled
    /// back to where it was otherwise. A panic of user code is an error, not a panic.
    ///
    /// An error whose code begins with `message/` is final: this program will never read the message. One that is a
    /// transient [`Error`], or has one as its cause, is tried more patiently than others.
    fn receive(
        &self,
        envelope: &Envelope,
        unit: UnitOfWork,
    ) -> impl Future<Output = (UnitOfWork, Result<(), Error>)> + Send;
}

/// The twin of [`Receiver`] that a worker can keep without naming its type.
pub(super) trait AnyReceiver: Send + Sync {
    fn name(&self) -> &str;
    fn knows(&self, event: &str) -> bool;
    fn receive<'a>(
        &'a self,
        envelope: &'a Envelope,
        unit: UnitOfWork,
    ) -> BoxFuture<'a, (UnitOfWork, Result<(), Error>)>;
}

impl<R: Receiver> AnyReceiver for R {
    fn name(&self) -> &str {
        Receiver::name(self)
    }

    fn knows(&self, event: &str) -> bool {
        Receiver::knows(self, event)
    }

    fn receive<'a>(
        &'a self,
        envelope: &'a Envelope,
        unit: UnitOfWork,
    ) -> BoxFuture<'a, (UnitOfWork, Result<(), Error>)> {
        Box::pin(Receiver::receive(self, envelope, unit))
    }
}
