//! The event store on PostgreSQL, beside sqlx from a pool, and beside sqlx by hand on a connection that is held.

mod append;
mod by_hand;
mod command;
mod database;
mod load;
mod writers;

use super::support::{Area, Mode};

pub fn cases(area: &mut Area, mode: Mode) {
    append::cases(area, mode);
    command::cases(area, mode);
    load::cases(area, mode);
    writers::cases(area, mode);
}
