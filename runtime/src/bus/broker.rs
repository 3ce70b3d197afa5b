//! The broker: the port to other services.
//!
//! # Contract
//!
//! 1. [`publish`](Broker::publish) answers one [`Published`] for each message, in order. *Acked* is the broker's own
//!    acknowledgement of its configured durability; a timeout is *transient*.
//! 2. **Prefix rule**: for each key the acked messages are a prefix of that key's messages in the batch. What stands behind
//!    a failure of its key is *not tried*.
//! 3. *Permanent* means that this message alone can never be accepted.
//! 4. Messages of one key reach each group in the order in which they were published; a message that was not settled comes
//!    again, with the same id. Delivery is at least once.
//! 5. [`close`](Broker::close) ends everything; later calls answer `broker/closed`.
//!
//! # Cancel safety
//! Dropping the future of `publish` leaves open which messages were published; publishing them again is right. Dropping the
//! future of [`Inlet::next`] loses nothing.
//!
//! An adapter shows that it keeps the contract by passing [`testing::conformance::broker`](crate::testing).

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::{error::Error, store::OutboxMessage};

/// What became of one published message.
#[derive(Debug, Clone)]
pub enum Published {
    /// The broker has it.
    Acked,
    /// Not now; publishing it again may succeed.
    Transient(Error),
    /// Never: this message fails for a reason of its own.
    Permanent(Error),
    /// It stands behind a failure of its key and was not sent.
    NotTried,
}

/// A consumer group and what it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InletSpec {
    /// The group; each group gets every message once.
    pub group: String,
    /// The topics.
    pub topics: Vec<String>,
}

/// A message on its way in.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The message.
    pub message: OutboxMessage,
    /// How often the broker has handed it out, from 1.
    pub attempt: u32,
    /// By which it is settled.
    pub receipt: Receipt,
}

/// A delivery's number within its inlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt(pub u64);

/// The port; see the [module's page](self).
pub trait Broker: Send + Sync + 'static {
    /// What it hands out deliveries with.
    type Inlet: Inlet;

    /// Publishes a batch, one outcome for each message, in order.
    fn publish(&self, batch: &[OutboxMessage]) -> impl Future<Output = Vec<Published>> + Send;

    /// Opens an inlet for a group.
    ///
    /// # Errors
    /// `broker/closed`, or what the broker answers.
    fn subscribe(&self, spec: InletSpec) -> impl Future<Output = Result<Self::Inlet, Error>> + Send;

    /// Ends everything.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// Deliveries of one group to one process.
pub trait Inlet: Send + 'static {
    /// The next deliveries, at least one and at most `limit`, as soon as there is one; `None` after the broker was closed.
    fn next(&mut self, limit: usize) -> impl Future<Output = Option<Vec<Delivery>>> + Send;

    /// Says that these are dealt with and need not come again.
    ///
    /// # Errors
    /// What the broker answers; the deliveries may come again.
    fn settle(&mut self, receipts: &[Receipt]) -> impl Future<Output = Result<(), Error>> + Send;
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

trait DynBroker: Send + Sync {
    fn publish<'a>(&'a self, batch: &'a [OutboxMessage]) -> Answer<'a, Vec<Published>>;
    fn subscribe(&self, spec: InletSpec) -> Answer<'_, Result<AnyInlet, Error>>;
    fn close(&self) -> Answer<'_, ()>;
}

impl<B: Broker> DynBroker for B {
    fn publish<'a>(&'a self, batch: &'a [OutboxMessage]) -> Answer<'a, Vec<Published>> {
        Box::pin(Broker::publish(self, batch))
    }

    fn subscribe(&self, spec: InletSpec) -> Answer<'_, Result<AnyInlet, Error>> {
        Box::pin(async move { Ok(AnyInlet(Box::new(Broker::subscribe(self, spec).await?))) })
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(Broker::close(self))
    }
}

trait DynInlet: Send {
    fn next(&mut self, limit: usize) -> Answer<'_, Option<Vec<Delivery>>>;
    fn settle<'a>(&'a mut self, receipts: &'a [Receipt]) -> Answer<'a, Result<(), Error>>;
}

impl<I: Inlet> DynInlet for I {
    fn next(&mut self, limit: usize) -> Answer<'_, Option<Vec<Delivery>>> {
        Box::pin(Inlet::next(self, limit))
    }

    fn settle<'a>(&'a mut self, receipts: &'a [Receipt]) -> Answer<'a, Result<(), Error>> {
        Box::pin(Inlet::settle(self, receipts))
    }
}

/// Any [`Broker`], behind one type; clones share it.
#[derive(Clone)]
pub struct AnyBroker(Arc<dyn DynBroker>);

impl AnyBroker {
    /// Erases a broker.
    #[must_use]
    pub fn new(broker: impl Broker) -> Self {
        Self(Arc::new(broker))
    }

    /// Publishes a batch, one outcome for each message, in order.
    pub async fn publish(&self, batch: &[OutboxMessage]) -> Vec<Published> {
        self.0.publish(batch).await
    }

    /// Opens an inlet for a group.
    ///
    /// # Errors
    /// As [`Broker::subscribe`].
    pub async fn subscribe(&self, spec: InletSpec) -> Result<AnyInlet, Error> {
        self.0.subscribe(spec).await
    }

    /// Ends everything.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl fmt::Debug for AnyBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyBroker")
    }
}

/// Any [`Inlet`], behind one type.
pub struct AnyInlet(Box<dyn DynInlet>);

impl AnyInlet {
    /// The next deliveries; `None` after the broker was closed.
    pub async fn next(&mut self, limit: usize) -> Option<Vec<Delivery>> {
        self.0.next(limit).await
    }

    /// Says that these are dealt with.
    ///
    /// # Errors
    /// As [`Inlet::settle`].
    pub async fn settle(&mut self, receipts: &[Receipt]) -> Result<(), Error> {
        self.0.settle(receipts).await
    }
}

impl fmt::Debug for AnyInlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyInlet")
    }
}
