//! Writers who go on while their server is killed.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bailiwick::{
    ErrorKind, Expected, Position, Store, Version,
    id::MessageId,
    store::{Commit, Load},
};
use tests::servers::Private;

use crate::bookings::{Acknowledged, booking, bookings, event, stream};

/// How long the server is away after each kill, in milliseconds; the last is longer than the store asks after a commit.
const AWAY: [u64; 5] = [0, 0, 300, 1000, 7000];
const WRITERS: usize = 8;
/// So many are acknowledged between two kills.
const BETWEEN: usize = 300;

/// What the writers share.
#[derive(Default)]
struct Work {
    acknowledged: Mutex<Vec<Acknowledged>>,
    /// Commits of unknown outcome that had happened.
    found: Mutex<usize>,
    ends: AtomicBool,
}

impl Work {
    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many more are acknowledged.
    async fn more(&self, many: usize) {
        let (goal, start) = (self.count() + many, Instant::now());
        while self.count() < goal {
            assert!(start.elapsed() < Duration::from_secs(60), "the store does not go on");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Kills the server under eight writers again and again. Answers what was acknowledged and how many events there are, after
/// asserting that each writer finds what it wrote, all of it and once.
pub async fn under_kills(server: &Private, store: impl Store) -> (Vec<Acknowledged>, usize) {
    let (store, work) = (Arc::new(store), Arc::new(Work::default()));
    let writers: Vec<_> =
        (0..WRITERS).map(|writer| tokio::spawn(write(Arc::clone(&store), Arc::clone(&work), writer))).collect();
    for away in AWAY {
        work.more(BETWEEN).await;
        server.kill();
        tokio::time::sleep(Duration::from_millis(away)).await;
        server.restart();
    }
    work.more(BETWEEN).await;
    work.ends.store(true, Ordering::SeqCst);
    let mut events = 0;
    for (writer, task) in writers.into_iter().enumerate() {
        let ids = task.await.unwrap();
        let stored = store.load(Load::all(None, stream(&name(writer)))).await.unwrap().events;
        assert_eq!(stored.iter().map(|event| event.envelope.id).collect::<Vec<_>>(), ids, "writer {writer}");
        if with_count(writer) {
            bookings(&*store, &name(writer)).await;
        }
        events += ids.len();
    }
    store.close().await.unwrap();
    let acknowledged = std::mem::take(&mut *work.acknowledged.lock().unwrap());
    println!("{} acknowledged, {} found after an unknown outcome", acknowledged.len(), work.found.lock().unwrap());
    (acknowledged, events)
}

fn name(writer: usize) -> String {
    format!("writer-{writer}")
}

/// Every other writer also counts in a row, so that its commits are transactions; the others share statements.
const fn with_count(writer: usize) -> bool {
    writer % 2 == 1
}

/// Appends to a stream of its own until it is told to end. Answers the ids of the events that are there, as it knows.
async fn write(store: Arc<impl Store>, work: Arc<Work>, writer: usize) -> Vec<MessageId> {
    let (id, mut written) = (name(writer), Vec::new());
    while !work.ends.load(Ordering::SeqCst) {
        let version = Version::new(written.len() as u64);
        let expected = if writer.is_multiple_of(4) { Expected::Any } else { Expected::at(version) };
        let event = event(40);
        let message = event.id;
        let commit = || {
            let mut commit = booking(&id, expected, event.clone());
            if !with_count(writer) {
                commit.models.clear();
            }
            commit
        };
        match persist(&*store, commit).await {
            Some((version, position)) => {
                let own = Acknowledged { id: message, stream: id.clone(), version, position };
                work.acknowledged.lock().unwrap().push(own);
            }
            None => *work.found.lock().unwrap() += 1,
        }
        written.push(message);
    }
    written
}

/// Repeats a commit under the same message ids until it has happened; `None` if it had happened when nobody could tell.
async fn persist(store: &impl Store, commit: impl Fn() -> Commit) -> Option<(Version, Position)> {
    let mut unknown = false;
    loop {
        let error = match store.commit(commit()).await {
            Ok(done) => return Some(done.appends[0]),
            Err(error) => error,
        };
        match error.kind() {
            // Nobody else writes to this stream: only the commit itself can be in its way.
            ErrorKind::Conflict | ErrorKind::Invalid if unknown => return None,
            ErrorKind::UnknownOutcome => unknown = true,
            ErrorKind::Transient => {}
            _ => panic!("{error:?} after unknown: {unknown}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
