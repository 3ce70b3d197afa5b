//! Who handles the messages of a subscription.

use std::future::Future;

use crate::{envelope::Envelope, error::Error, unit_of_work::UnitOfWork};

/// Takes the messages of one subscription; `mediator` supplies it, or a test.
pub trait Receiver: Send + Sync + 'static {
    /// The subscription's name: consumer of the inbox, group of the broker, source of its dead letters.
    fn name(&self) -> &str;

    /// Whether it takes events of this name; others on the same topic are settled and left alone.
    fn knows(&self, event: &str) -> bool;

    /// Handles one message. What it stages goes into `unit`, which comes back: filled if the answer is `Ok`, to be rolled
    /// back to where it was otherwise. A panic of user code is an error, not a panic.
    fn receive(
        &self,
        envelope: &Envelope,
        unit: UnitOfWork,
    ) -> impl Future<Output = (UnitOfWork, Result<(), Error>)> + Send;
}
