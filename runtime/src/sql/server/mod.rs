//! What the adapters to database servers share: sessions, connections that read, the thread that writes.

mod days;
mod dialect;
mod failure;
mod ledger;
mod meaning;
mod params;
mod queue;
mod readers;
mod rows;
mod session;
#[cfg(test)]
mod shuttled;
mod tables;
mod watch;
mod writer;

pub(super) use days::{date, day, moment, timestamp};
pub(super) use dialect::Dialect;
pub(super) use failure::{Failure, ServerError, commit_unknown, not_migrated, schema_ahead, unreachable};
pub(super) use ledger::{changed, statements, wrong};
pub(super) use meaning::{Meaning, STATEMENT, is_cut, meanings, of_driver};
pub(super) use params::{columns_of_key, too_heavy, unbound};
pub(super) use queue::Queue;
pub(super) use readers::{Held, Readers, on_a_connection};
pub(super) use rows::{each, gather};
pub(super) use session::Session;
pub(super) use tables::{Asked, Entities, Tables};
pub(super) use writer::{Job, Order, Writer};
