//! The event store on PostgreSQL, beside sqlx from a pool, and beside sqlx by hand on a connection that is held.

mod append;
mod by_hand;
mod command;
pub mod database;
mod load;
mod snapshot;
mod writers;

use super::support::{Area, Mode};

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
    snapshot::cases(area, mode);
    writers::cases(area, mode);
}
