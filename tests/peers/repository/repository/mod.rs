//! The peers as further sides of the cases.

mod diesel;
mod sea_orm;

use std::rc::Rc;

use self::{
    diesel::{postgres::DieselPostgres, sqlite::DieselSqlite},
    sea_orm::SeaOrm,
};
use super::{
    place::Place,
    sides::{Work, side},
    support::Side,
};

/// Those that ours must not be slower than.
pub fn sides(work: Work, place: &dyn Fn() -> Rc<Place>) -> Vec<Side> {
    let own = place();
    match &*own {
        Place::Sqlite(..) => vec![side::<SeaOrm>(work, &own)],
        Place::Postgres(_) => vec![side::<SeaOrm>(work, &own), side::<DieselPostgres>(work, &own)],
    }
}

/// Those that are shown alone: who blocks the thread of its caller waits for no other.
pub fn shown(work: Work, place: &dyn Fn() -> Rc<Place>) -> Vec<Side> {
    let own = place();
    match &*own {
        Place::Sqlite(..) => vec![side::<DieselSqlite>(work, &own)],
        Place::Postgres(_) => Vec::new(),
    }
}
