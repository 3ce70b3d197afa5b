//! Which holes in the global order can still be filled.
//!
//! A transaction draws its positions while it inserts, and its rows are seen when it commits: a reader may meet 7 while 6
//! is still to come, or will never come. What is read is given out only up to the first hole that may still be filled.
//! Whoever inserts holds a lock on the table from before it draws until it ends, and `pg_locks` tells who does. So the
//! highest position that is seen is noted first, then those who insert; once these have ended, no hole below that
//! position will ever be filled, however many there are. A commit is given out as a whole. Writers pay nothing for it, and
//! other transactions of the server, however long, hold up nobody.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{PgConnection, Row};

use super::{super::words::int, classify::Failure, reads, rows::number};
use crate::{store::LogRow, version::Position};

/// How often a reader that meets a hole looks again before it answers that there is nothing yet.
const LOOKS: u32 = 50;
/// And how long it waits before that.
const PAUSE: Duration = Duration::from_millis(5);

/// What the readers of one store know of the holes.
#[derive(Default)]
pub(super) struct Barrier(Mutex<State>);

#[derive(Default)]
struct State {
    /// No hole at or below it will ever be filled.
    settled: u64,
    waiting: Option<Waiting>,
}

/// Once these transactions have ended, no hole up to `upto` can be filled.
#[derive(Clone)]
struct Waiting {
    upto: u64,
    writers: Vec<String>,
}

impl Barrier {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the global order, without ever passing what may still come. If nothing can be given out although
    /// something is there, it waits a while for those who are inserting.
    pub(super) async fn read(
        &self,
        db: &mut PgConnection,
        after: Position,
        limit: usize,
    ) -> Result<Vec<LogRow>, Failure> {
        for look in 0..LOOKS {
            // What is known before the rows are read: a hole that was filled since then must not count as settled.
            let settled = self.state().settled;
            let mut page = reads::page(db, after, limit).await?;
            let sure = sure(&page, after.get(), settled);
            if sure == page.len() {
                return Ok(page);
            }
            let moved = self.look(db).await?;
            let sure = if moved { 0 } else { whole(db, &page, sure).await? };
            if sure > 0 {
                page.truncate(sure);
                return Ok(page);
            }
            if !moved && look + 1 < LOOKS {
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(Vec::new())
    }

    /// Looks who is inserting; says whether more is settled than before.
    async fn look(&self, db: &mut PgConnection) -> Result<bool, Failure> {
        let waiting = self.state().waiting.clone();
        let still = match waiting {
            None => writers(db).await?,
            Some(waiting) => Waiting { writers: remaining(db, &waiting.writers).await?, ..waiting },
        };
        let mut state = self.state();
        if !still.writers.is_empty() {
            state.waiting = Some(still);
            return Ok(false);
        }
        let moved = still.upto > state.settled;
        state.settled = state.settled.max(still.upto);
        state.waiting = None;
        Ok(moved)
    }
}

/// How many of the first events have no hole before them that may still be filled.
fn sure(page: &[LogRow], after: u64, settled: u64) -> usize {
    let mut last = after;
    let whole = |row: &&LogRow| {
        let position = row.position.get();
        let whole = position == last + 1 || position <= settled + 1;
        last = position;
        whole
    };
    page.iter().take_while(whole).count()
}

/// How many of the first so many events go without tearing a commit, whose positions may lie on both sides of another's.
async fn whole(db: &mut PgConnection, page: &[LogRow], sure: usize) -> Result<usize, Failure> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(0) };
    let sql = "SELECT position, xmin::text FROM bw_event WHERE position BETWEEN $1 AND $2";
    let query = sqlx::query(sql).bind(int(first.position.get())).bind(int(last.position.get()));
    let mut writers: HashMap<u64, String> = HashMap::new();
    for row in query.fetch_all(db).await? {
        writers.insert(number(&row, 0)?, row.try_get(1)?);
    }
    let of: Vec<Option<&String>> = page.iter().map(|row| writers.get(&row.position.get())).collect();
    let (mut cut, mut behind) = (sure, of.get(sure..).unwrap_or_default().iter().collect::<HashSet<_>>());
    while let Some(torn) = of.iter().take(cut).position(|writer| behind.contains(writer)) {
        behind.extend(of.get(torn..cut).unwrap_or_default());
        cut = torn;
    }
    Ok(cut)
}

/// The highest position that is seen, and who inserts. The first is of the statement's snapshot, and so older than the
/// second.
async fn writers(db: &mut PgConnection) -> Result<Waiting, Failure> {
    let sql = "SELECT (SELECT coalesce(max(position), 0) FROM bw_event),
        ARRAY(SELECT virtualtransaction FROM pg_locks
            WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND relation = 'bw_event'::regclass
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    let row = sqlx::query(sql).fetch_one(db).await?;
    Ok(Waiting { upto: number(&row, 0)?, writers: row.try_get(1)? })
}

/// Which of these transactions have not ended.
async fn remaining(db: &mut PgConnection, writers: &[String]) -> Result<Vec<String>, Failure> {
    let sql = "SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND relation = 'bw_event'::regclass
        AND virtualtransaction = ANY ($1)";
    let found = sqlx::query(sql).bind(writers).fetch_all(db).await?;
    found.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
