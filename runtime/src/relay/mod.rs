//! The relay: what the outbox holds, to the broker, in the order of its keys.
//!
//! One pass claims the lease `outbox`, reads a batch from the start of the table, publishes it while no transaction is
//! open, and settles it in one commit under the lease's fence:
//!
//! | the broker's answer | what becomes of the message |
//! |---|---|
//! | acked | it leaves the outbox |
//! | permanent | it is parked as a dead letter; a keyed one blocks its key, whose later messages are parked behind it |
//! | transient, not tried | it stays; the relay backs off and never gives it up |
//!
//! So the first deliveries of a key are in order whatever happens: a row leaves the table only after its acknowledgement,
//! and each relay publishes from the lowest row that is there. A relay that dies, or loses its lease while it publishes,
//! leads to duplicates with equal ids and to nothing else.
//!
//! A dead letter that is requeued, or whose predecessors were removed, is sent again before anything behind it; the block
//! lifts when none of its key is left.

mod batch;
mod outage;
mod settle;
mod wake;

use std::{collections::HashMap, future::Future, pin::pin, time::Duration};

use tokio::time::{sleep, timeout};
use tracing::Instrument as _;

pub use wake::Wake;

use self::{batch::Batch, outage::Outage, wake::Calls};
use crate::{
    bus::{AnyBroker, Published},
    clock::Clock,
    error::{Error, ErrorKind},
    resilience::Backoff,
    store::{AnyStore, Blocked, DeadSource, Fence, Holding, OutboxMessage, Tenure},
    telemetry,
};

/// The lease under which the outbox is emptied.
const RESOURCE: &str = "outbox";
/// So many pages of rows are read in one pass to find some that can be sent now.
const PAGES: usize = 16;
const IDLE_FROM: Duration = Duration::from_millis(20);
const IDLE_TO: Duration = Duration::from_secs(1);
const RETRY_FROM: Duration = Duration::from_millis(100);
const RETRY_TO: Duration = Duration::from_secs(30);
const PUBLISH_WITHIN: Duration = Duration::from_secs(30);

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether this relay has the lease; without it, it does nothing.
    pub leads: bool,
    /// Messages that the broker has acknowledged.
    pub published: usize,
    /// Messages that were parked as dead letters.
    pub parked: usize,
    /// Messages that were read and stay for a later pass.
    pub waiting: usize,
}

/// Publishes the outbox; see the [module's page](self).
#[derive(Debug)]
#[must_use = "nothing is published until the relay runs"]
pub struct Relay {
    store: AnyStore,
    broker: AnyBroker,
    clock: Clock,
    batch: usize,
    calls: Calls,
    looks: Option<Duration>,
    holding: Holding,
    blocked: Blocked,
    outage: Outage,
    /// Up to here the table holds nothing but what rests.
    resting: u64,
}

impl Relay {
    /// A relay in batches of 500, with a lease of 10 s, under a name that no other process has.
    pub fn new(store: AnyStore, broker: AnyBroker, clock: Clock) -> Self {
        let holder = format!("relay-{}", clock.uuid());
        Self {
            calls: Calls::of(&store),
            looks: None,
            store,
            broker,
            clock,
            batch: 500,
            holding: Holding::new(RESOURCE.to_owned(), holder, Duration::from_secs(10)),
            blocked: Blocked::new(DeadSource::Outbox),
            outage: Outage::default(),
            resting: 0,
        }
    }

    /// The name under which it takes the lease; no two relays share one.
    pub fn holder(mut self, name: impl Into<String>) -> Self {
        self.holding.holder(name.into());
        self
    }

    /// How many messages are published, and not yet settled, at a time: at least 1. A crash repeats at most so many.
    pub fn batches_of(mut self, messages: usize) -> Self {
        self.batch = messages.max(1);
        self
    }

    /// How long the outbox rests after the holder of its lease died. It is renewed after a third of this.
    pub fn lease(mut self, ttl: Duration) -> Self {
        self.holding.ttl(ttl);
        self
    }

    /// Wakes it whenever `wake` is called, too; commits through its own handle of the store do without.
    pub fn woken_by(mut self, wake: Wake) -> Self {
        self.calls.wake = wake;
        self
    }

    /// How long it waits between two looks while there is nothing to do; without this, 20 ms, doubling to 1 s.
    pub fn look_every(mut self, pause: Duration) -> Self {
        self.looks = Some(pause);
        self
    }

    /// Makes passes until `shutdown` is ready, then gives the lease back. Commits of its process wake it, and those of others
    /// of which the store hears. An idle relay polls after 20 ms, doubling to 1 s; then it gives the lease back until there is
    /// something to do. What the broker does not take is tried again after 100 ms × 2ⁿ, at most 30 s, with full jitter, for
    /// ever; topics that it does take go on meanwhile.
    ///
    /// # Cancel safety
    /// Dropping the future leads to duplicates with equal ids at most; the lease then ends by itself.
    pub async fn run(mut self, shutdown: impl Future<Output = ()> + Send) {
        let mut shutdown = pin!(shutdown);
        let mut idle = self.looks.unwrap_or(IDLE_FROM);
        let mut faults = Backoff::new(RETRY_FROM, RETRY_TO);
        loop {
            self.calls.answered();
            let pause = match if idle < IDLE_TO { self.run_once().await } else { self.rest().await } {
                Ok(progress) => {
                    faults.reset();
                    let busy = progress.published + progress.parked > 0;
                    let next = if busy { IDLE_FROM } else { (idle * 2).min(IDLE_TO) };
                    let pause = std::mem::replace(&mut idle, self.looks.unwrap_or(next));
                    if busy { Duration::ZERO } else { pause }
                }
                Err(error) => {
                    tracing::error!(code = error.code(), %error, "a pass of the relay failed");
                    faults.fail(&self.clock)
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                () = self.pause(pause, faults.failures() > 0) => {}
            }
        }
        self.holding.release(&self.store).await;
    }

    /// A pass after a quiet while: with nothing to do it gives the lease back and writes nothing, however long that lasts.
    async fn rest(&mut self) -> Result<Progress, Error> {
        let quiet = self.store.outbox(0, 1).await?.is_empty() && self.store.dead_letters(0, 1).await?.is_empty();
        if !quiet {
            return self.run_once().await;
        }
        self.holding.release(&self.store).await;
        Ok(Progress::default())
    }

    async fn pause(&mut self, pause: Duration, failed: bool) {
        if pause.is_zero() {
            return;
        }
        tokio::select! {
            () = sleep(pause) => {}
            () = self.calls.next(), if !failed => {}
            () = self.outage.over(), if !failed => {}
        }
    }

    /// Makes one pass: at most one batch.
    ///
    /// # Errors
    /// What the store answers; `lease/lost` if another relay took the lease meanwhile: what was published comes again.
    /// A failure of the broker is no error: see [`Progress::waiting`]; what it did not take rests until its back-off ends.
    ///
    /// # Cancel safety
    /// Dropping the future leads to duplicates with equal ids at most.
    pub async fn run_once(&mut self) -> Result<Progress, Error> {
        let fence = match self.holding.hold(&self.store).await? {
            Tenure::Elsewhere => return Ok(Progress::default()),
            Tenure::Same(fence) => fence,
            Tenure::New(fence) => {
                self.forget();
                fence
            }
        };
        let answer = self.pass(fence).await;
        if let Err(error) = &answer {
            self.forget();
            if error.code() == "lease/lost" {
                self.holding.lose();
            }
        }
        answer
    }

    /// What it knows of the tables may be wrong now.
    fn forget(&mut self) {
        self.blocked.forget();
        self.resting = 0;
    }

    async fn pass(&mut self, fence: Fence) -> Result<Progress, Error> {
        if self.calls.take_requeued() {
            self.blocked.forget();
        }
        self.blocked.refresh(&self.store, self.batch).await?;
        let batch = self.collect().await?;
        if batch.is_empty() {
            return Ok(Progress { leads: true, ..Progress::default() });
        }
        let span = telemetry::relay(batch.messages().len());
        async {
            let Self { holding, store, broker, .. } = &mut *self;
            let answers = holding.during(store, publish(broker, batch.messages())).await;
            self.settle(batch, answers, fence).await
        }
        .instrument(span)
        .await
    }

    /// How many messages of each failing topic may be tried now.
    fn probes(&mut self) -> HashMap<String, usize> {
        let probes = self.outage.probes();
        if probes.values().all(|left| *left > 0) {
            self.resting = 0; // nothing rests, or all is tried again: from the start, where each lane begins
        }
        probes
    }

    async fn collect(&mut self) -> Result<Batch, Error> {
        let mut batch = Batch::new(self.batch, self.probes());
        batch.resend(&mut self.blocked);
        let mut after = self.resting;
        for _ in 0..PAGES {
            let rows = self.store.outbox(after, self.batch).await?;
            let last = rows.len() < self.batch;
            for row in rows {
                if batch.is_full() {
                    return Ok(batch);
                }
                after = row.seq;
                batch.take(row, &self.blocked);
            }
            if last || batch.is_full() {
                self.resting = if last { 0 } else { self.resting };
                return Ok(batch);
            }
        }
        if batch.is_empty() {
            self.resting = after; // the next pass looks behind them
        }
        Ok(batch)
    }

    async fn settle(&mut self, batch: Batch, answers: Vec<Published>, fence: Fence) -> Result<Progress, Error> {
        let mut settled = batch.settle(answers, self.clock.now());
        if let Some(error) = &settled.failure {
            let waiting = settled.waiting;
            tracing::warn!(code = error.code(), waiting, %error, "the broker does not take messages now; they wait");
        }
        self.outage.learn(&settled.taking, settled.failing, &self.clock);
        for lane in settled.closed {
            self.blocked.close(lane);
        }
        if !settled.commit.is_empty() {
            settled.commit.fences.push(fence);
            self.store.commit(settled.commit).await?;
        }
        let (published, parked, waiting) = (settled.published, settled.parked, settled.waiting);
        Ok(Progress { leads: true, published, parked, waiting })
    }
}

async fn publish(broker: &AnyBroker, messages: &[OutboxMessage]) -> Vec<Published> {
    if messages.is_empty() {
        return Vec::new();
    }
    let publish = broker.publish(messages).instrument(telemetry::publish(messages.len()));
    timeout(PUBLISH_WITHIN, publish).await.unwrap_or_else(|_| {
        let text = "the broker did not answer in time; the messages are published again";
        let error = Error::new(ErrorKind::Transient, "broker/timeout", text).with("seconds", PUBLISH_WITHIN.as_secs());
        messages.iter().map(|_| Published::Transient(error.clone())).collect()
    })
}
