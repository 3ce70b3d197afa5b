//! The event store on SQLite, beside sqlx as it is used from a pool, and beside sqlx written by hand on a connection that
//! is held.
//!
//! Each side has a database file of its own on the disk of the target folder; at the end the rows in it are counted.

mod append;
mod by_hand;
mod command;
pub mod database;
mod load;
mod snapshot;
mod writers;

use super::support::{Area, Mode};

pub fn cases(area: &mut Area, mode: Mode) {
    append::cases(area, mode);
    command::cases(area, mode);
    load::cases(area, mode);
    snapshot::cases(area, mode);
    writers::eight(area, mode);
}

/// The case that only waits for the disk make sense of.
pub fn grouped(area: &mut Area) {
    writers::grouped(area);
}
