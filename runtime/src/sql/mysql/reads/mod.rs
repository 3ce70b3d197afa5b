//! What the readers do.

mod audit;
mod events;
mod models;
mod outbox;
mod torn;

pub(super) use audit::{command, commands, dead_letters};
pub(super) use events::{faults, find, load, page};
pub(super) use models::{checkpoint, head, holder, marked, model, scan};
pub(super) use outbox::{counts, outbox};
