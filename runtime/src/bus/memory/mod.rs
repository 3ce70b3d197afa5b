//! The broker in memory: for one process, and for tests of what happens when a broker does not do as it should.

mod errors;
mod inlet;
mod publish;
mod state;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

pub use inlet::MemoryInlet;

use self::state::State;
use super::broker::{Broker, InletSpec, Published};
use crate::{error::Error, store::OutboxMessage};

/// A [`Broker`] for the groups of one process; clones share it.
///
/// It has no disk, so it keeps nothing that nobody else keeps: a message is acknowledged once every group that was
/// subscribed to its topic when it was published has settled it, at once if there is none. What was not settled when the
/// [timeout](Self::with_timeout) ends is answered *transient*, and withdrawn unless it was handed out already; the outbox
/// has it still. So the broker never holds more than the calls of `publish` that wait, and what inlets were handed.
///
/// A group stays subscribed after its last inlet was dropped: what that inlet did not settle goes to the next one, with
/// the same id, in order. Of several inlets of a group the oldest gets the messages; the others stand by.
///
/// ```
/// use bailiwick::bus::{Broker, Inlet, InletSpec, MemoryBroker};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let broker = MemoryBroker::new();
/// let mut inlet = broker.subscribe(InletSpec { group: "billing".into(), topics: vec!["orders".into()] }).await?;
/// broker.close().await;
/// assert!(inlet.next(1).await.is_none());
/// # Ok::<(), bailiwick::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MemoryBroker {
    shared: Arc<Shared>,
    timeout: Duration,
}

/// What goes wrong with a message, for tests: see [`MemoryBroker::fail_next`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It is not taken; the answer is *transient*.
    Transient,
    /// It is delivered, but the answer is *transient*: the acknowledgement was lost.
    LostAck,
    /// It is delivered twice and acknowledged.
    Duplicate,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Something may be ready for an inlet.
    ready: Notify,
    /// Something may be settled for a publisher.
    settled: Notify,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes everybody.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let answer = change(&mut self.lock());
        self.ready.notify_waiters();
        self.settled.notify_waiters();
        answer
    }
}

impl MemoryBroker {
    /// How long `publish` waits for the groups, unless told otherwise.
    pub const TIMEOUT: Duration = Duration::from_secs(30);

    /// A broker without groups.
    #[must_use]
    pub fn new() -> Self {
        Self { shared: Arc::default(), timeout: Self::TIMEOUT }
    }

    /// Lets `publish` wait so long for the groups.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Lets the next `count` messages that are published fail in this way.
    pub fn fail_next(&self, count: usize, fault: Fault) {
        self.shared.lock().faults.extend(std::iter::repeat_n(fault, count));
    }

    /// Refuses for ever the messages for which this is true; replaces what was refused before.
    pub fn refuse(&self, refuse: impl Fn(&OutboxMessage) -> bool + Send + Sync + 'static) {
        self.shared.lock().refuse = Some(Arc::new(refuse));
    }

    /// Begins or ends an outage. While it lasts, nothing is taken, handed out or settled, and whoever waits in `publish` is
    /// told at once; what was handed out and not settled comes again when it is published again.
    pub fn down(&self, down: bool) {
        self.shared.change(|state| state.set_down(down));
    }

    /// Ends the subscription of a group: nobody waits for it any more.
    pub fn unsubscribe(&self, group: &str) {
        self.shared.change(|state| state.unsubscribe(group));
    }

    /// How many messages are not settled yet.
    #[must_use]
    pub fn unsettled(&self) -> usize {
        self.shared.lock().unsettled()
    }
}

impl Default for MemoryBroker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryBroker").field("timeout", &self.timeout).field("unsettled", &self.unsettled()).finish()
    }
}

impl Broker for MemoryBroker {
    type Inlet = MemoryInlet;

    async fn publish(&self, batch: &[OutboxMessage]) -> Vec<Published> {
        publish::publish(&self.shared, batch, self.timeout).await
    }

    async fn subscribe(&self, spec: InletSpec) -> Result<MemoryInlet, Error> {
        inlet::subscribe(&self.shared, spec)
    }

    async fn close(&self) {
        self.shared.change(State::close);
    }
}
