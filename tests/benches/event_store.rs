//! The event store on SQLite and on PostgreSQL, beside sqlx as it is used from a pool, and beside sqlx written by hand on a
//! connection that is held.

mod support;

#[path = "event_store/accounts.rs"]
mod accounts;
#[path = "event_store/callers.rs"]
mod callers;
#[path = "event_store/no_peers.rs"]
mod peers;
#[path = "event_store/postgres/mod.rs"]
mod postgres;
#[path = "event_store/saved.rs"]
mod saved;
#[path = "event_store/setting.rs"]
mod setting;
#[path = "event_store/sqlite/mod.rs"]
mod sqlite;
#[path = "event_store/work.rs"]
mod work;

use std::process::ExitCode;

use support::{Area, Mode};

const ABOUT: &str = "Wall time of an operation, the tenth percentile of those in a round; SQLite with a write-ahead log, relaxed `synchronous=NORMAL`, durable `FULL`; \
JSON events of about 150 bytes. Base: pooled sqlx, a plain INSERT into the same columns with the same keys, one commit per \
call; ten or a hundred rows are statements in one transaction. Limit: sqlx on a held connection, several rows in one \
statement. Ours also checks the version, and answers versions and positions. The musts of appends are × limit: one or ten events \
what the check costs (1.27 relaxed, 1.14 durable) × 1.1, a hundred 1.2 for encoding; how much of the base the best form by hand \
can save depends on the disk (durable 0.46 to 0.86 of it). Reads: base and limit read the same columns. Where several \
connections write, sqlx waits for the lock as SQLite does, with sleeps that grow to 100 ms; ours has one writer. Peers: not built here; \
the workspaces in `tests/peers` measure the cases with them.";

fn main() -> ExitCode {
    let mut area = Area::new("event_store", ABOUT);
    for mode in area.args().modes() {
        sqlite::cases(&mut area, mode);
        postgres::cases(&mut area, mode);
    }
    if area.args().modes().contains(&Mode::Durable) {
        sqlite::grouped(&mut area);
    }
    area.finish()
}
