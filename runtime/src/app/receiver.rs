//! A subscription of the mediator as the worker knows it.

use std::sync::Arc;

use crate::{
    envelope::Envelope,
    error::Error,
    mediator::{Mediator, RemoteSubscription},
    subscription::Receiver,
    unit_of_work::UnitOfWork,
};

/// A subscribed method of a service.
#[derive(Debug)]
pub(super) struct Remote {
    mediator: Arc<Mediator>,
    subscription: RemoteSubscription,
}

impl Remote {
    pub(super) fn new(mediator: Arc<Mediator>, subscription: RemoteSubscription) -> Self {
        Self { mediator, subscription }
    }
}

impl Receiver for Remote {
    fn name(&self) -> &str {
        self.subscription.name
    }

    fn knows(&self, event: &str) -> bool {
        self.subscription.events.iter().any(|spec| spec.answers_to(event))
    }

    async fn receive(&self, envelope: &Envelope, unit: UnitOfWork) -> (UnitOfWork, Result<(), Error>) {
        self.subscription.receive(&self.mediator, envelope, unit).await
    }
}
