//! Three ways to follow the global order.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bailiwick::{Position, store::AnyStore};
use sqlx::{ConnectOptions as _, PgConnection};
use tokio::time::sleep;

use super::super::postgres::database::Ours;

/// Events of a page.
const PAGE: i64 = 1_000;

const ABOVE: &str = "SELECT position FROM bw_event WHERE position > $1 ORDER BY position LIMIT $2";

/// What no transaction can come before that is still open anywhere on the server.
const OLDEST: &str = "SELECT position FROM bw_event WHERE position > $1
    AND xmin::text::int8 < (pg_snapshot_xmin(pg_current_snapshot())::text::int8 & 4294967295) ORDER BY position LIMIT $2";

/// A reader.
pub enum Reader {
    Ours(AnyStore),
    ByHand(&'static str, PgConnection),
}

impl Reader {
    /// Ours, `position > last`, and behind the oldest transaction.
    pub async fn all(ours: &Ours) -> [Self; 3] {
        let connection = async || ours.schema.options().connect().await.unwrap();
        let store = AnyStore::new(ours.schema.store(|options| options));
        [Self::Ours(store), Self::ByHand(ABOVE, connection().await), Self::ByHand(OLDEST, connection().await)]
    }

    async fn poll(&mut self, after: u64) -> Vec<u64> {
        match self {
            Self::Ours(store) => {
                let page = store.read(Position::new(after), PAGE as usize).await.unwrap();
                page.iter().map(|event| event.position.get()).collect()
            }
            Self::ByHand(sql, db) => positions(db, sql, after.cast_signed()).await,
        }
    }
}

async fn positions(db: &mut PgConnection, sql: &'static str, after: i64) -> Vec<u64> {
    let found = sqlx::query_scalar::<_, i64>(sql).bind(after).bind(PAGE).fetch_all(db).await.unwrap();
    found.into_iter().map(i64::cast_unsigned).collect()
}

/// All positions that are stored.
pub async fn stored(ours: &Ours) -> Vec<u64> {
    let mut db = ours.schema.options().connect().await.unwrap();
    let sql = "SELECT position FROM bw_event ORDER BY position";
    let found = sqlx::query_scalar::<_, i64>(sql).fetch_all(&mut db).await.unwrap();
    found.into_iter().map(i64::cast_unsigned).collect()
}

/// What a reader was given.
pub struct Read {
    seen: HashSet<u64>,
    at: u64,
    /// The longest time from one page that was not empty to the next.
    pub standstill: Duration,
}

impl Read {
    /// How many events lie below its position that it was never given.
    pub fn lost(&self, stored: &[u64]) -> f64 {
        stored.iter().filter(|position| **position <= self.at && !self.seen.contains(position)).count() as f64
    }

    /// How many lie above it.
    pub fn behind(&self, stored: &[u64]) -> f64 {
        stored.iter().filter(|position| **position > self.at).count() as f64
    }
}

/// Follows until the writers are done, then polls once more.
pub async fn follow(mut reader: Reader, done: Arc<AtomicBool>) -> Read {
    let (mut read, mut given) = (Read { seen: HashSet::new(), at: 0, standstill: Duration::ZERO }, None);
    loop {
        let last = done.load(Ordering::SeqCst);
        let page = reader.poll(read.at).await;
        if page.is_empty() && !last {
            sleep(Duration::from_millis(1)).await;
            continue;
        }
        if !page.is_empty() {
            let before = given.replace(Instant::now());
            read.standstill = read.standstill.max(before.map_or(Duration::ZERO, |before| before.elapsed()));
        }
        for position in page {
            assert!(position > read.at, "{position} after {}", read.at);
            read.at = position;
            assert!(read.seen.insert(position));
        }
        if last {
            return read;
        }
    }
}
