//! The store: the port to what must not be lost.
//!
//! # Contract
//!
//! A store keeps events in streams and in one global order, outbox messages, inbox marks, snapshots, checkpoints, read
//! models, audit rows of commands, dead letters and leases. The page of each says its own rules:
//! [`Append`], [`OutboxMessage`], [`InboxMark`], [`Snapshot`], [`CheckpointMove`], [`ModelWrite`], [`GenerationChange`],
//! [`CommandRecord`], [`DeadLetter`], [`Lease`].
//!
//! **There is one way to write: [`Store::commit`].** A [`Commit`] is a value that holds everything one unit of work does.
//! An adapter applies it as a whole or not at all, in this order: fences, inbox marks, appends, things seen, owners of read
//! models, read models, snapshots, audit rows, checkpoints, generations that are swapped or swept, dead letters, published
//! outbox rows, new outbox rows. It answers
//!
//! | outcome | answer |
//! |---|---|
//! | applied, durable | `Ok(Committed)` |
//! | a stream was not where the writer believed | [`ConcurrencyConflict`](crate::version::ConcurrencyConflict), code `store/conflict` |
//! | a read model had changed since it was read, or a checkpoint had moved | code `store/seen_changed`, a conflict |
//! | an inbox mark existed | code `inbox/duplicate`, field `message` |
//! | a message id existed | code `store/duplicate_event` |
//! | a read model belongs to another owner | code `store/foreign_model` |
//! | a generation lacks what the live one holds | code `store/generation_behind`, a conflict |
//! | a lease was lost | code `lease/lost` |
//! | the disk was full, the database was busy | a transient error; nothing was written |
//! | the answer of the database was lost | an error with `is_unknown_outcome()` |
//!
//! A reader sees a commit wholly or not at all. Positions are given in the order in which commits become visible: whoever
//! has read up to position *p* never later finds a new event at or below *p*.
//!
//! # Cancel safety
//! Dropping the future of `commit` before its first poll writes nothing; later, the commit happens as a whole or not at
//! all, whatever became of the caller. Dropping a read does nothing.
//!
//! An adapter shows that it keeps the contract by passing [`testing::conformance::store`](crate::testing).

mod audit;
mod checkpoints;
pub(crate) mod checksum;
mod commit;
mod dead_letters;
pub(crate) mod entities;
mod events;
mod generations;
mod handle;
mod inbox;
mod keys;
mod lanes;
mod leases;
mod log;
pub mod memory;
pub(crate) mod nesting;
mod outbox;
mod read_models;
pub(crate) mod refusal;
#[cfg(test)]
mod shuttled;
mod signals;
mod snapshots;
pub(crate) mod states;
mod sync;
mod transaction;

use std::future::Future;

pub use audit::{CommandOutcome, CommandQuery, CommandRecord, UndoRecord};
pub use checkpoints::CheckpointMove;
pub use checksum::checksum;
pub use commit::{Commit, Committed};
pub use dead_letters::{DeadLetter, DeadLetterChange, DeadSource, DeadState};
pub use entities::{Begin, Entities, Isolation};
pub use events::{Append, Load, Loaded, Until};
pub use generations::{Generation, GenerationChange, Swap, SwapGuard};
pub use handle::AnyStore;
pub use inbox::InboxMark;
pub use keys::StoreKeys;
pub(crate) use keys::{KEYS, count_forgotten, forgotten, forgotten_at};
pub(crate) use lanes::{Block, Blocked, Lane};
pub use leases::{Fence, Lease, LeaseRequest};
pub(crate) use leases::{Holding, Tenure};
pub use log::{Fault, FaultKind, LogEvent, LogRow};
pub use memory::MemoryStore;
pub use outbox::{OutboxMessage, OutboxRow};
pub use read_models::{Change, ModelChange, ModelKey, ModelRow, ModelSeen, ModelWrite, ReadModel, Rows, Scan};
pub use signals::{News, Signals};
pub use snapshots::Snapshot;
pub use transaction::{Mark, Transaction};

use crate::{envelope::StoredEvent, error::Error, id::MessageId, version::Position};

/// How much lies in a store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events.
    pub events: u64,
    /// Outbox rows not yet published.
    pub outbox: u64,
    /// Dead letters.
    pub dead: u64,
}

/// The port. Errors, order and cancel-safety are in the [module's page](self).
pub trait Store: Send + Sync + 'static {
    /// Brings the schema up to this program's. Several may call it at once: one works, the others wait.
    fn migrate(&self) -> impl Future<Output = Result<(), Error>> + Send;

    /// Applies a commit as a whole or not at all.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<Committed, Error>> + Send;

    /// Reads a stream: its snapshot, if a fitting one is wanted and there, and the events after it.
    fn load(&self, load: Load) -> impl Future<Output = Result<Loaded, Error>> + Send;

    /// Reads the global order after a position, ascending, at most `limit` events.
    fn read(&self, after: Position, limit: usize) -> impl Future<Output = Result<Vec<StoredEvent>, Error>> + Send;

    /// The position of the newest event; [`Position::START`] in an empty log. A reader may get there a moment later: a
    /// position is given out only when nothing below it can still appear.
    fn head(&self) -> impl Future<Output = Result<Position, Error>> + Send;

    /// Reads the rows of the global order after a position, ascending, at most `limit`. A damaged one is an error of its
    /// own and hides no other.
    fn log(&self, after: Position, limit: usize) -> impl Future<Output = Result<Vec<LogRow>, Error>> + Send;

    /// Reads the rows of these messages, in no order; one that is not there is left out.
    fn find(&self, messages: Vec<MessageId>) -> impl Future<Output = Result<Vec<LogRow>, Error>> + Send;

    /// Looks for rows that contradict each other, at most `limit`: gaps in streams, snapshots beyond their stream,
    /// checkpoints beyond the newest event. It reads the keys of all events, in the database.
    fn faults(&self, limit: usize) -> impl Future<Output = Result<Vec<Fault>, Error>> + Send;

    /// Reads one row of a read model.
    fn model(&self, key: ModelKey) -> impl Future<Output = Result<Option<ModelRow>, Error>> + Send;

    /// Reads rows of a read model in the byte order of their keys.
    fn scan(&self, scan: Scan) -> impl Future<Output = Result<Vec<(String, ModelRow)>, Error>> + Send;

    /// Says for each message whether `consumer` has marked it.
    fn marked(
        &self,
        consumer: String,
        messages: Vec<MessageId>,
    ) -> impl Future<Output = Result<Vec<bool>, Error>> + Send;

    /// Where a checkpoint stands; `None` before its first move.
    fn checkpoint(&self, name: String) -> impl Future<Output = Result<Option<Position>, Error>> + Send;

    /// Reads outbox rows after a sequence number, ascending, at most `limit`.
    fn outbox(&self, after: u64, limit: usize) -> impl Future<Output = Result<Vec<OutboxRow>, Error>> + Send;

    /// Takes or renews a lease; `None` if another holder has it.
    fn lease(&self, request: LeaseRequest) -> impl Future<Output = Result<Option<Lease>, Error>> + Send;

    /// Who holds a lease now; `None` if it is free or has ended.
    fn holder(&self, resource: String) -> impl Future<Output = Result<Option<String>, Error>> + Send;

    /// Gives a lease back; a lease that was lost meanwhile is left alone.
    fn release(&self, lease: Lease) -> impl Future<Output = Result<(), Error>> + Send;

    /// Reads dead letters after a number, ascending, at most `limit`.
    fn dead_letters(&self, after: u64, limit: usize) -> impl Future<Output = Result<Vec<DeadLetter>, Error>> + Send;

    /// Reads the audit row of one run of a command.
    fn command(&self, id: MessageId) -> impl Future<Output = Result<Option<CommandRecord>, Error>> + Send;

    /// Reads audit rows, newest first.
    fn commands(&self, query: CommandQuery) -> impl Future<Output = Result<Vec<CommandRecord>, Error>> + Send;

    /// Counts what lies in the store.
    fn counts(&self) -> impl Future<Output = Result<Counts, Error>> + Send;

    /// Finishes what was begun and lets go of files and threads. Later calls answer `store/closed`.
    fn close(&self) -> impl Future<Output = Result<(), Error>> + Send;

    /// The bells that the store rings by itself. Without them, the handle rings for the commits that are made through it.
    fn signals(&self) -> Option<Signals> {
        None
    }

    /// Where it keeps entities, in the same transactions as all else; nothing if it keeps none. A store that wraps another one
    /// and changes what is committed answers nothing: what is committed with entities would pass it by.
    fn entities(&self) -> Option<Entities> {
        None
    }
}
