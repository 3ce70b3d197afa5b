//! Rows of entities on a server: what is the same whatever the server.

mod days;
mod ledger;
mod params;
mod tables;
mod together;

pub(in crate::sql) use days::{date, day, moment, timestamp};
pub(in crate::sql) use ledger::{changed, statements, wrong};
pub(in crate::sql) use params::{columns_of_key, too_heavy, unbound};
pub(in crate::sql) use tables::{Asked, Entities, Tables, begins_nothing};
pub(in crate::sql) use together::{batch_alone, upsert_alone};
