//! The event store on PostgreSQL, beside sqlx from a pool, and beside sqlx by hand on a connection that is held.

mod append;
mod by_hand;
pub mod command;
pub mod database;
mod load;
mod page;
pub mod snapshot;
pub mod writers;

use super::support::{Area, Mode};

/// What a peer is to do in a case.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "without peers nobody looks")]
pub enum Work {
    /// So many events to a new stream, in one commit.
    Append(i64),
    /// A command on one of so many aggregates of [`command::BEFORE`] events.
    Command(u64),
    /// The aggregate of so many events.
    Load(i64),
    /// The aggregate of a snapshot and the events after it.
    Snapshot,
    /// Eight callers, so many new streams each.
    Writers(u64),
}

pub fn cases(area: &mut Area, mode: Mode) {
    if std::env::var_os("BAILIWICK_TEST_POSTGRES_URL").is_none_or(|url| url.is_empty()) {
        println!(
            "PostgreSQL, {}: skipped: BAILIWICK_TEST_POSTGRES_URL is not set; see `tests/run servers`",
            mode.name()
        );
        return;
    }
    append::cases(area, mode);
    command::cases(area, mode);
    load::cases(area, mode);
    page::cases(area, mode);
    snapshot::cases(area, mode);
    writers::cases(area, mode);
}
