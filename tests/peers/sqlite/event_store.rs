//! The event store on SQLite beside another crate's store: the sides of `tests/benches/event_store`, and its own, in the same
//! rounds.
//!
//! Each side has a database file of its own on the disk of the target folder; at the end the events in it are counted.

#[path = "../../benches/event_store/accounts.rs"]
mod accounts;
#[path = "../../benches/event_store/callers.rs"]
mod callers;
#[path = "event_store/mod.rs"]
mod peers;
#[path = "../../benches/event_store/saved.rs"]
mod saved;
#[path = "../../benches/event_store/setting.rs"]
mod setting;
#[path = "../../benches/event_store/sqlite/mod.rs"]
mod sqlite;
#[path = "../../benches/support/mod.rs"]
mod support;
#[path = "../../benches/event_store/work.rs"]
mod work;

use std::process::ExitCode;

use support::{Area, Mode};

const ABOUT: &str = "The cases of `event_store` on SQLite, measured anew beside evento 2.0.0-alpha.38. Wall time of an operation, \
the tenth percentile of those in a round; a write-ahead log, relaxed `synchronous=NORMAL`, durable `FULL`; JSON events of about \
150 bytes. evento has the tables that its migrations make, and a pool of as many connections as base with the same settings. \
An append goes to a stream that has no events, without a load before it. evento writes events as bitcode: its one field is the \
JSON of the event. Where many write, a second side gives evento's `Rw` a pool of one connection for writing, so that none waits \
for SQLite's lock. In the case of the snapshot evento's margin is an hour instead of a second, so that it does not store the \
tail, too.";

fn main() -> ExitCode {
    let mut area = Area::new("event_store_peers_sqlite", ABOUT);
    for mode in area.args().modes() {
        sqlite::cases(&mut area, mode);
    }
    if area.args().modes().contains(&Mode::Durable) {
        sqlite::grouped(&mut area);
    }
    area.finish()
}
