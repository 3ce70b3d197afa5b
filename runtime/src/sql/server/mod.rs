//! What the adapters to database servers share: sessions, connections that read, the thread that writes.

mod dialect;
mod entities;
mod failure;
mod health;
mod meaning;
mod queue;
mod readers;
mod rows;
mod session;
#[cfg(test)]
mod shuttled;
mod watch;
mod writer;

pub(super) use dialect::Dialect;
pub(super) use entities::{
    Asked, Entities, Rule, Tables, Transactions, Units, Work, attend, batch_alone, changed, columns_of_key, date, day,
    moment, statements, timestamp, too_heavy, unbound, upsert_alone, wrong,
};
#[cfg(feature = "postgres")]
pub(super) use entities::{Row, of_tenants, writes_of_tenants};
pub(super) use failure::{Failure, ServerError, commit_unknown, not_migrated, schema_ahead, unreachable};
use failure::{dead, unsteady};
pub(super) use health::{Probed, health};
pub(super) use meaning::{Meaning, STATEMENT, is_cut, meanings, of_driver};
pub(super) use queue::Queue;
#[cfg(feature = "postgres")]
pub(super) use readers::Held;
pub(super) use readers::{Guard, Home, Limits, Loan, Readers, both, on_a_connection};
pub(super) use rows::{each, gather};
pub(super) use session::Session;
pub(super) use writer::{Job, Order, Writer};
