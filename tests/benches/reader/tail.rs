//! A follower of the global order on a thread of its own.

use std::{
    thread::{self, JoinHandle},
    time::Duration,
};

use bailiwick::{
    BoxError, Position, Recorded, Transaction, projection,
    projection::Follower,
    sql::PostgresStore,
    store::{AnyStore, Store as _},
};
use sqlx::{ConnectOptions as _, Row as _, postgres::PgConnectOptions};
use tokio::{
    sync::{oneshot, watch},
    time::{sleep, timeout},
};

use super::{
    accounts::AccountEvent,
    postgres::{by_hand::fold, database::Schema, select_stored},
    setting::alone,
};

/// Decodes each event and says how many it has had.
struct Counted(watch::Sender<u64>);

#[projection(name = "tail", version = 1)]
impl Counted {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, _tx: &mut Transaction) -> Result<(), BoxError> {
        self.0.send_modify(|count| *count += 1);
        Ok(())
    }
}

/// Follows until it is dropped.
pub struct Tail {
    seen: watch::Receiver<u64>,
    /// Whether it promises every event once.
    promises: bool,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Tail {
    /// Follows, and hears of other stores; with `looks` that is how seldom it looks by itself.
    pub fn of(store: PostgresStore, looks: Option<Duration>) -> Self {
        let signals = store.signals().unwrap();
        let tail = Self::with(AnyStore::new(store), looks);
        alone().block_on(async {
            while !signals.is_hearing() {
                sleep(Duration::from_millis(2)).await;
            }
        });
        tail
    }

    /// Reads all that comes, page by page, as often as other processes tell of something new; it writes nothing.
    pub fn reading(store: PostgresStore) -> Self {
        let (seen, stop) = (watch::Sender::new(0), oneshot::channel::<()>());
        let receiver = seen.subscribe();
        let thread = thread::spawn(move || {
            alone().block_on(async {
                tokio::select! {
                    _ended = stop.1 => {}
                    () = read(AnyStore::new(store), seen) => {}
                }
            });
        });
        Self { seen: receiver, promises: true, stop: Some(stop.0), thread: Some(thread) }
    }

    /// The least that a tail can do: plain pages over a connection of its own, as often as [`reading`](Self::reading). It passes
    /// what was not committed yet.
    pub fn by_hand(schema: &Schema) -> Self {
        let (options, (seen, stop)) = (schema.options(), (watch::Sender::new(0), oneshot::channel::<()>()));
        let receiver = seen.subscribe();
        let thread = thread::spawn(move || {
            alone().block_on(async {
                tokio::select! {
                    _ended = stop.1 => {}
                    () = select(options, seen) => {}
                }
            });
        });
        Self { seen: receiver, promises: false, stop: Some(stop.0), thread: Some(thread) }
    }

    /// Follows through a store that others use, too.
    pub fn with(store: AnyStore, looks: Option<Duration>) -> Self {
        let (seen, stop) = (watch::Sender::new(0), oneshot::channel::<()>());
        let (receiver, follower) = (seen.subscribe(), Follower::new(store, Counted(seen)));
        let follower = if let Some(looks) = looks { follower.look_every(looks) } else { follower };
        let thread = thread::spawn(move || {
            let stopped = async { stop.1.await.unwrap_or(()) };
            alone().block_on(follower.run(stopped));
        });
        Self { seen: receiver, promises: true, stop: Some(stop.0), thread: Some(thread) }
    }

    /// Waits until it has had so many events.
    pub async fn has(&mut self, count: u64) {
        let seen = timeout(Duration::from_secs(30), self.seen.wait_for(|seen| *seen >= count)).await;
        let seen = *seen.expect("the tail does not come to the end").unwrap();
        assert!(seen == count || !self.promises, "an event came twice");
    }
}

/// The least time from one notice to the next.
const APART: Duration = Duration::from_millis(20);

async fn read(store: AnyStore, seen: watch::Sender<u64>) {
    let mut at = Position::START;
    loop {
        let page = store.read(at, 1_000).await.unwrap();
        if let Some(last) = page.last() {
            at = last.position;
            seen.send_modify(|count| *count += page.len() as u64);
        }
        if page.len() < 1_000 {
            sleep(APART).await;
        }
    }
}

async fn select(options: PgConnectOptions, seen: watch::Sender<u64>) {
    let mut held = options.connect().await.unwrap();
    let mut at = 0_i64;
    loop {
        let rows = select_stored(at, 1_000).fetch_all(&mut held).await.unwrap();
        if let Some(last) = rows.last() {
            at = last.get(0);
            fold(&rows);
            seen.send_replace(at.unsigned_abs()); // what it has passed is counted, too
        }
        if rows.len() < 1_000 {
            sleep(APART).await;
        }
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        self.stop = None;
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(ended.is_none_or(|ended| ended.is_ok()) || thread::panicking());
    }
}
