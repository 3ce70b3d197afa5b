//! Entities in a store: statements on their tables, and transactions that carry a commit of the store with them.
//!
//! This part of the port is ours alone: what it promises is held by one suite over all databases.

use std::{fmt, sync::Arc};

use super::{Commit, Committed};
use crate::{
    entity::Table,
    plan::{Answer, Statements, Step},
};

/// Where a store keeps entities: what [`Db::of`](crate::repository::Db::of) makes a database of.
#[derive(Clone)]
pub struct Entities(pub(crate) Arc<dyn Rows>);

impl Entities {
    pub(crate) fn new(rows: impl Rows) -> Self {
        Self(Arc::new(rows))
    }
}

impl fmt::Debug for Entities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entities")
    }
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "give it to `begin`"]
pub struct Begin {
    pub(crate) read_only: bool,
    pub(crate) isolation: Option<Isolation>,
}

/// How much a transaction may see of others that go on beside it. In memory and on SQLite it is always [`Serializable`](Self::Serializable).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it. The default of servers.
    ReadCommitted,
    /// All statements see what was committed before the first.
    RepeatableRead,
    /// As if it were alone.
    Serializable,
}

impl Begin {
    /// It may write.
    pub const fn write() -> Self {
        Self { read_only: false, isolation: None }
    }

    /// It reads one state of the database and refuses to write.
    pub const fn read_only() -> Self {
        Self { read_only: true, isolation: None }
    }

    pub(crate) const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// What it may see of others.
    pub const fn isolation(self, isolation: Isolation) -> Self {
        Self { isolation: Some(isolation), ..self }
    }
}

/// A database that keeps entities. Each statement is a transaction of its own.
pub(crate) trait Rows: Statements + 'static {
    /// Begins a transaction. Dropping the future, or what it answers, leaves nothing begun.
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>>;

    /// A number that all handles of this database share and no other database has while one of them lives.
    fn home(&self) -> usize;

    /// Brings the tables up to these steps.
    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()>;

    /// The statements that make a table.
    fn ddl(&self, table: &'static Table) -> String;

    /// Finishes what was begun and lets go of files and threads.
    fn close(&self) -> Answer<'_, ()>;
}

/// What is done to a savepoint. They are numbered by their depth, from 1, and the newest ends first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Savepoint {
    /// Begins here.
    Set(u16),
    /// Ends, and what came after it stays.
    Release(u16),
    /// Ends, and what came after it is undone.
    Undo(u16),
}

/// A transaction, held by its one user, who waits for each answer before the next call. A call that was not waited for to its
/// end leaves it fit for dropping alone. Dropped before it has ended, it is rolled back.
pub(crate) trait Held: Statements {
    /// Sets a savepoint or ends it.
    fn savepoint(&self, step: Savepoint) -> Answer<'_, ()>;

    /// Whether the database has ended the transaction by itself, or may have: nothing that follows may reach it.
    fn is_lost(&self) -> bool;

    /// Applies what was staged for the store, as [`Store::commit`](super::Store::commit) does, also where it is only to be
    /// checked, and commits all of it. Once
    /// polled it goes to its end, whatever becomes of the caller. An error that is not `is_unknown_outcome()` says that nothing
    /// was written.
    fn commit(self: Box<Self>, staged: Commit) -> Answer<'static, Committed>;

    /// Undoes everything.
    fn rollback(self: Box<Self>) -> Answer<'static, ()>;
}
