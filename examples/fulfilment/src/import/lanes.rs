//! Lanes: the orders of one customer go one after the other, those of different customers side by side.

use std::{
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::Arc,
    time::Duration,
};

use bailiwick::{App, Error, SendError};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinSet,
};

use super::{BadLines, Progress, journal::Journal};
use crate::{
    cdnow::{BadLine, Reason},
    failure::Failure,
    sales::{OrderError, PlaceOrder},
};

/// So many commands wait for a commit at the same time, at most; they share it.
const LANES: usize = 256;

/// So many orders are on their way, at most. The file is sorted by customer, so the window has to be wide enough that
/// one with hundreds of orders, who goes through a single lane, does not hold up the others.
const WINDOW: usize = 16_384;

/// How long to wait before an order is tried again that failed for a reason that passes.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2)];

type Job = (PlaceOrder, OwnedSemaphorePermit);

/// The lanes. When one fails, the window closes and all of them stop.
pub(super) struct Lanes {
    senders: Vec<mpsc::UnboundedSender<Job>>,
    tasks: JoinSet<Result<(), Failure>>,
    window: Arc<Semaphore>,
    progress: Arc<Progress>,
}

impl Lanes {
    /// Opens the lanes.
    pub(super) fn open(app: &App, progress: &Arc<Progress>, bad_lines: &Arc<BadLines>, journal: Journal) -> Self {
        let journal = Arc::new(journal);
        let window = Arc::new(Semaphore::new(WINDOW));
        let mut lanes = Self {
            senders: Vec::new(),
            tasks: JoinSet::new(),
            window: Arc::clone(&window),
            progress: Arc::clone(progress),
        };
        for _ in 0..LANES {
            let (sender, jobs) = mpsc::unbounded_channel(); // bounded by the window
            let lane = Lane {
                app: app.clone(),
                window: Arc::clone(&window),
                progress: Arc::clone(progress),
                bad_lines: Arc::clone(bad_lines),
                journal: Arc::clone(&journal),
            };
            lanes.senders.push(sender);
            lanes.tasks.spawn(lane.run(jobs));
        }
        lanes
    }

    /// Puts an order on its way, as soon as there is room; `None` if a lane has failed.
    pub(super) async fn place(&self, order: PlaceOrder) -> Option<()> {
        let permit = Arc::clone(&self.window).acquire_owned().await.ok()?;
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(&order.customer);
        let lane = usize::try_from(hash % LANES as u64).unwrap_or_default();
        self.progress.begin();
        self.senders.get(lane)?.send((order, permit)).ok()
    }

    /// Waits until every order is placed.
    ///
    /// # Errors
    /// The first failure of a lane.
    pub(super) async fn close(mut self) -> Result<(), Failure> {
        self.senders.clear();
        let mut outcome = Ok(());
        while let Some(lane) = self.tasks.join_next().await {
            outcome = outcome.and(lane.unwrap_or(Err(Failure::Workers)));
        }
        outcome
    }
}

struct Lane {
    app: App,
    window: Arc<Semaphore>,
    progress: Arc<Progress>,
    bad_lines: Arc<BadLines>,
    journal: Arc<Journal>,
}

impl Lane {
    async fn run(self, mut jobs: mpsc::UnboundedReceiver<Job>) -> Result<(), Failure> {
        while let Some((order, _permit)) = jobs.recv().await {
            if self.window.is_closed() {
                break;
            }
            self.take(order).await.inspect_err(|_| self.window.close())?;
        }
        Ok(())
    }

    async fn take(&self, order: PlaceOrder) -> Result<(), Failure> {
        let line = order.number.line;
        match self.place(order).await {
            Ok(()) => {
                self.journal.place(line).map_err(Failure::Journal)?;
                self.progress.place();
            }
            Err(SendError::Rejected(no)) => {
                self.bad_lines.report(BadLine { line, reason: Reason::Refused(no.to_string()) })?;
            }
            Err(SendError::Runtime(source)) => return Err(Failure::Order { line, source }),
        }
        Ok(())
    }

    /// Sends the command; again if that may help. Placing an order twice is harmless.
    async fn place(&self, order: PlaceOrder) -> Result<(), SendError<OrderError>> {
        for pause in PAUSES {
            match self.app.send(order.clone()).await {
                Err(SendError::Runtime(error)) if passes(&error) => tokio::time::sleep(pause).await,
                answer => return answer,
            }
        }
        self.app.send(order).await
    }
}

/// Whether an error passes by itself.
fn passes(error: &Error) -> bool {
    error.is_transient() || error.is_unknown_outcome() || error.is_conflict()
}
