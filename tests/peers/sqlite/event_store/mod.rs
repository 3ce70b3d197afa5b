//! The peers as further sides of the cases on SQLite.

#[path = "../../evento.rs"]
mod evento;
mod pool;
#[path = "../../sides.rs"]
mod sides;

use ::evento::{Sqlite, sql::RwSqlite};
use evento::Store;
use sides::{saved, side};

use super::{
    sqlite::database::File as Place,
    support::{Mode, Side},
    work::Work,
};

/// SQLite counts nothing by itself; told to, evento's load from a snapshot takes twice as long.
fn filled(_place: &Place) {}

/// A side of each peer.
pub fn sides(work: Work, mode: Mode) -> Vec<Side> {
    match work {
        Work::Snapshot => vec![saved::<Store<Sqlite>>(mode)],
        Work::Writers(..) => vec![side::<Store<Sqlite>>(work, mode), side::<Store<RwSqlite>>(work, mode)],
        _ => vec![side::<Store<Sqlite>>(work, mode)],
    }
}
