//! The event store on PostgreSQL beside other crates' stores: the sides of `tests/benches/event_store`, and theirs, in the
//! same rounds.
//!
//! Each side has a schema of its own in the server's database; at the end the events in it are counted.

#[path = "../../benches/event_store/accounts.rs"]
mod accounts;
#[path = "../../benches/event_store/callers.rs"]
mod callers;
#[path = "event_store/mod.rs"]
mod peers;
#[path = "../../benches/event_store/postgres/mod.rs"]
mod postgres;
#[path = "../../benches/event_store/saved.rs"]
mod saved;
#[path = "../../benches/event_store/setting.rs"]
mod setting;
#[path = "../../benches/support/mod.rs"]
mod support;
#[path = "../../benches/event_store/work.rs"]
mod work;

use std::process::ExitCode;

use support::Area;

const ABOUT: &str = "The cases of `event_store` on PostgreSQL, measured anew beside other crates' stores. Wall time of an \
operation, the tenth percentile of those in a round; relaxed `synchronous_commit=off`, durable `on`; JSON events of about 150 \
bytes. Peers: cqrs-es 0.5.0 with postgres-es 0.5.0, esrs 0.18.0, evento 2.0.0-alpha.38, disintegrate 4.0.0 with \
disintegrate-postgres 4.0.1. Each has the tables that its documentation gives or its migrations make, and a pool of as many \
connections as base, through sqlx 0.9 (evento) or 0.8; what they read is analyzed before. An append goes to a stream that has \
no events, without a load before it. evento writes events as bitcode: its one field is the JSON of the event; in the case of \
the snapshot its margin is an hour instead of a second, so that it does not store the tail, too. disintegrate writes the account \
into the JSON, too, and appends are serializable: who is told of a conflict begins anew; where PostgreSQL is older than 16 a \
hexadecimal literal in one of its functions is written in decimal digits.";

fn main() -> ExitCode {
    let mut area = Area::new("event_store_peers_postgres", ABOUT);
    for mode in area.args().modes() {
        postgres::cases(&mut area, mode);
    }
    area.finish()
}
