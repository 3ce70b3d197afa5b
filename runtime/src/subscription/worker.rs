//! The loop of one subscription.

use std::{
    fmt,
    future::Future,
    pin::{Pin, pin},
    time::Duration,
};

use tokio::time::sleep;
use tracing::Instrument as _;

use super::{
    batch::{Handling, Outcome},
    failure::Tries,
    inbox::{Message, admit, by_tenant},
    receiver::{AnyReceiver, Receiver},
};
use crate::{
    bus::{AnyInlet, Delivery},
    error::Error,
    resilience::Backoff,
    store::{Blocked, DeadLetter, DeadSource, Fence, Holding, News, Tenure},
    telemetry,
    unit_of_work::Units,
};

/// How often a worker looks for requeued dead letters; less often by as many times as it must read pages of them.
const REDRIVE_EVERY: Duration = Duration::from_secs(1);
const RETRY_FROM: Duration = Duration::from_millis(100);
const RETRY_TO: Duration = Duration::from_secs(30);

/// Receives the messages of one subscription; see the [module's page](super).
#[must_use = "nothing is received until the worker runs"]
pub struct Worker {
    receiver: Box<dyn AnyReceiver>,
    units: Units,
    inlet: AnyInlet,
    batch: usize,
    tries: Tries,
    within: Duration,
    holding: Holding,
    blocked: Blocked,
}

/// Whether the worker goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    On,
    End,
}

impl Worker {
    /// A worker in batches of 256 that calls a handler up to 3 times, after 100 ms and 400 ms, for at most 30 s each.
    pub fn new(units: Units, inlet: AnyInlet, receiver: impl Receiver) -> Self {
        let (resource, holder) =
            (format!("subscription/{}", receiver.name()), format!("worker-{}", units.clock().uuid()));
        Self {
            blocked: Blocked::new(DeadSource::Inbox(receiver.name().to_owned())),
            receiver: Box::new(receiver),
            units,
            inlet,
            batch: 256,
            tries: Tries::default(),
            within: Duration::from_secs(30),
            holding: Holding::new(resource, holder, Duration::from_secs(10)),
        }
    }

    /// How many messages share a transaction, at most; at least 1.
    pub fn batches_of(mut self, messages: usize) -> Self {
        self.batch = messages.max(1);
        self
    }

    /// How often a handler is called for one message before it is parked, at least once, and the wait before the second
    /// call; each further wait is four times as long, at most 30 s.
    pub fn attempts(mut self, attempts: u32, first_wait: Duration) -> Self {
        self.tries = Tries { attempts: attempts.max(1), first_wait, ..self.tries };
        self
    }

    /// How long a handler may take; longer is a failed attempt.
    pub fn within(mut self, limit: Duration) -> Self {
        self.within = limit;
        self
    }

    /// Works until `shutdown` is ready or the broker was closed. A batch that is being handled is brought to its end first.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: what was not settled is delivered again, and what was handled is marked.
    pub async fn run(mut self, shutdown: impl Future<Output = ()> + Send) {
        let (mut shutdown, mut redrive) = (pin!(shutdown), Box::pin(sleep(Duration::ZERO)));
        let mut letters = self.units.store().listen(News::LETTERS);
        loop {
            let deliveries = tokio::select! {
                biased;
                () = &mut shutdown => break,
                () = &mut redrive => None,
                Ok(()) = letters.changed() => None,
                deliveries = self.inlet.next(self.batch) => match deliveries {
                    Some(deliveries) => Some(deliveries),
                    None => break,
                },
            };
            let turn = match deliveries {
                Some(deliveries) => self.work(deliveries, shutdown.as_mut()).await,
                None => {
                    let turn = self.redrive(shutdown.as_mut()).await;
                    redrive = Box::pin(sleep(REDRIVE_EVERY * self.blocked.pages().max(1)));
                    turn
                }
            };
            if turn == Turn::End {
                break;
            }
        }
    }

    /// Tries dead letters again that are not to wait any longer. What fails here is tried the next time.
    async fn redrive(&mut self, shutdown: Pin<&mut (impl Future<Output = ()> + Send)>) -> Turn {
        if self.requeued().await.is_empty() {
            return Turn::On;
        }
        let fence = match self.holding.hold(self.units.store()).await {
            Ok(Tenure::Same(fence) | Tenure::New(fence)) => fence,
            Ok(Tenure::Elsewhere) => return Turn::On,
            Err(error) => {
                self.report(&error);
                return Turn::On;
            }
        };
        let letters = self.requeued().await; // once more: before the lease was ours another may have handled them
        let (handling, holding, blocked) = self.parts(Some(fence));
        let turn = holding.during(handling.units.store(), handling.redrive(letters, blocked, shutdown)).await;
        self.holding.release(self.units.store()).await;
        turn
    }

    /// The letters that are to be tried again, as the table has them now.
    async fn requeued(&mut self) -> Vec<DeadLetter> {
        self.blocked.forget();
        if let Err(error) = self.blocked.refresh(self.units.store(), self.batch).await {
            self.report(&error);
            self.blocked.forget();
            return Vec::new();
        }
        self.blocked.take_again()
    }

    /// Brings a batch to its end: every message is handled, parked or known, and settled.
    async fn work(
        &mut self,
        deliveries: Vec<Delivery>,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Turn {
        let span = telemetry::receive(self.receiver.name(), deliveries.len());
        let mut pending: Vec<Message> = deliveries.into_iter().map(Message::from).collect();
        let mut faults = Backoff::new(RETRY_FROM, RETRY_TO);
        while !pending.is_empty() {
            let outcome = self.round(pending).instrument(span.clone()).await;
            self.settle(&outcome).await;
            let mut wait = outcome.wait;
            match outcome.fault {
                Some(fault) => {
                    self.report(&fault);
                    wait = wait.max(faults.fail(self.units.clock()));
                }
                None => faults.reset(),
            }
            pending = outcome.again;
            if !pending.is_empty() && rest(shutdown.as_mut(), wait).await == Turn::End {
                return Turn::End;
            }
        }
        Turn::On
    }

    async fn round(&mut self, mut pending: Vec<Message>) -> Outcome {
        let mut outcome = Outcome::default();
        let (handling, _, blocked) = self.parts(None);
        let known = async {
            blocked.refresh(handling.units.store(), 0).await?;
            admit(handling.units.store(), handling.receiver.name(), &mut pending, &mut outcome.done).await
        };
        if let Err(fault) = known.await {
            blocked.forget();
            return Outcome { again: pending, fault: Some(fault), ..outcome };
        }
        for group in by_tenant(pending) {
            outcome.join(handling.run(group, blocked).await);
        }
        if outcome.fault.is_some() {
            blocked.forget();
        }
        outcome
    }

    fn parts(&mut self, fence: Option<Fence>) -> (Handling<'_>, &mut Holding, &mut Blocked) {
        let Self { receiver, units, tries, within, holding, blocked, .. } = self;
        (Handling { receiver: &**receiver, units, tries: *tries, within: *within, fence }, holding, blocked)
    }

    async fn settle(&mut self, outcome: &Outcome) {
        if outcome.done.is_empty() {
            return;
        }
        if let Err(error) = self.inlet.settle(&outcome.done).await {
            self.report(&error); // they come again and are known then
        }
    }

    fn report(&self, error: &Error) {
        tracing::error!(code = error.code(), subscription = self.receiver.name(), %error, "a subscription waits");
    }
}

/// Waits, unless the end comes first.
pub(super) async fn rest(shutdown: Pin<&mut (impl Future<Output = ()> + Send)>, wait: Duration) -> Turn {
    tokio::select! {
        biased;
        () = shutdown => Turn::End,
        () = sleep(wait) => Turn::On,
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("subscription", &self.receiver.name())
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}
