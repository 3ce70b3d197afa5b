//! Leases: who does a work that only one may do at a time.

use std::{convert::Infallible, future::Future, pin::Pin, time::Duration};

use futures_util::FutureExt;
use tokio::time::{Sleep, sleep};

use super::AnyStore;
use crate::error::Error;

/// Asks for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// What is leased, such as `outbox`.
    pub resource: String,
    /// Who asks: a name that no other process has.
    pub holder: String,
    /// For how long, by the clock of the database.
    pub ttl: Duration,
}

impl LeaseRequest {
    /// A row that is written to see that rows can be written.
    pub(crate) fn probe() -> Self {
        let ttl = Duration::from_secs(1);
        Self { resource: "bailiwick.health".into(), holder: "bailiwick.health".into(), ttl }
    }
}

/// A lease that is held. Its fence grows with each change of holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is leased.
    pub resource: String,
    /// Who holds it.
    pub holder: String,
    /// The number of this holding.
    pub fence: u64,
}

impl Lease {
    /// The condition that a commit is made under this lease.
    #[must_use]
    pub fn fence(&self) -> Fence {
        Fence { resource: self.resource.clone(), fence: self.fence }
    }
}

/// A commit with a fence is refused (`lease/lost`) once the lease has another holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// What is leased.
    pub resource: String,
    /// The number of the holding.
    pub fence: u64,
}

/// Takes a lease and keeps it: renewed whenever it is asked for after a third of its time.
#[derive(Debug)]
pub(crate) struct Holding {
    resource: String,
    holder: String,
    ttl: Duration,
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    lease: Lease,
    /// Ends when the lease is to be renewed.
    fresh: Pin<Box<Sleep>>,
}

/// What a [`Holding`] answers.
pub(crate) enum Tenure {
    /// Another holder has it.
    Elsewhere,
    /// It is held, and nobody else has had it since the last answer.
    Same(Fence),
    /// It is held anew.
    New(Fence),
}

impl Holding {
    pub(crate) const fn new(resource: String, holder: String, ttl: Duration) -> Self {
        Self { resource, holder, ttl, held: None }
    }

    pub(crate) fn holder(&mut self, holder: String) {
        self.holder = holder;
    }

    pub(crate) const fn ttl(&mut self, ttl: Duration) {
        self.ttl = ttl;
    }

    /// Takes the lease, or renews it if it is time to.
    pub(crate) async fn hold(&mut self, store: &AnyStore) -> Result<Tenure, Error> {
        if let Some(held) = &mut self.held
            && held.fresh.as_mut().now_or_never().is_none()
        {
            return Ok(Tenure::Same(held.lease.fence()));
        }
        let fresh = Box::pin(sleep(self.ttl / 3)); // begins before the request is sent
        let request = LeaseRequest { resource: self.resource.clone(), holder: self.holder.clone(), ttl: self.ttl };
        let Some(lease) = store.lease(request).await? else {
            self.held = None;
            return Ok(Tenure::Elsewhere);
        };
        let fence = lease.fence();
        let same = self.held.as_ref().is_some_and(|held| held.lease == lease);
        self.held = Some(Held { lease, fresh });
        Ok(if same { Tenure::Same(fence) } else { Tenure::New(fence) })
    }

    /// Renews the lease while some work goes on. Whether it is lost meanwhile, the work's own commits find out.
    ///
    /// The work goes on while the lease is renewed: it may have the very connection for which the renewal waits.
    pub(crate) async fn during<T>(&mut self, store: &AnyStore, work: impl Future<Output = T> + Send) -> T {
        tokio::select! {
            biased;
            answer = work => answer,
            never = self.renew(store) => match never {},
        }
    }

    async fn renew(&mut self, store: &AnyStore) -> Infallible {
        loop {
            sleep(self.ttl / 3).await;
            if let Err(error) = self.hold(store).await {
                tracing::error!(code = error.code(), %error, "a lease could not be renewed");
            }
        }
    }

    /// The lease was lost: it must be taken anew.
    pub(crate) fn lose(&mut self) {
        self.held = None;
    }

    /// Gives the lease back.
    pub(crate) async fn release(&mut self, store: &AnyStore) {
        let Some(held) = self.held.take() else { return };
        if let Err(error) = store.release(held.lease).await {
            tracing::error!(code = error.code(), %error, "a lease could not be given back; it will end");
        }
    }
}
