//! Rows of entities on a server: what is the same whatever the server.

mod asked;
mod days;
mod ends;
mod ledger;
mod params;
mod seat;
mod tables;
mod together;
mod units;

pub(in crate::sql) use asked::Rule;
#[cfg(feature = "postgres")]
pub(in crate::sql) use asked::{of_tenants, writes_of_tenants};
pub(in crate::sql) use days::{date, day, moment, timestamp};
pub(in crate::sql) use ends::{Work, attend};
pub(in crate::sql) use ledger::{changed, statements, wrong};
pub(in crate::sql) use params::{columns_of_key, too_heavy, unbound};
#[cfg(feature = "postgres")]
pub(in crate::sql) use tables::Row;
pub(in crate::sql) use tables::{Asked, Entities, Tables, Transactions};
pub(in crate::sql) use together::{batch_alone, upsert_alone};
pub(in crate::sql) use units::Units;
