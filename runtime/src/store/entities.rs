//! Entities in a store: statements on their tables, and transactions that carry a commit of the store with them.
//!
//! This part of the port is ours alone: what it promises is held by one suite over all databases.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::{Commit, Committed};
use crate::{
    entity::Table,
    error::{Error, ErrorKind},
    plan::{Answer, SchemaFinding, Select, Sink, Snapshot, Statements, Step},
    resilience::{Breaker, Check, HealthOptions, Pool},
    tenant::TenantId,
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
    /// Whether it is refused, and does not wait, where others have what it needs.
    pub(crate) at_once: bool,
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
        Self { read_only: false, at_once: false, isolation: None }
    }

    /// It reads one state of the database and refuses to write.
    pub const fn read_only() -> Self {
        Self { read_only: true, at_once: false, isolation: None }
    }

    pub(crate) const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// It reads one state, for one who reads it to the end and lets others wait meanwhile.
    pub(crate) const fn stream() -> Self {
        Self { at_once: true, ..Self::read_only() }
    }

    /// Whether all its statements see one state, beside what it writes itself.
    #[allow(dead_code, reason = "asked by servers: elsewhere it is always so")]
    pub(crate) fn is_snapshot(&self) -> bool {
        self.isolation.map_or(self.read_only, |isolation| isolation != Isolation::ReadCommitted)
    }

    /// What it may see of others.
    pub const fn isolation(self, isolation: Isolation) -> Self {
        Self { isolation: Some(isolation), ..self }
    }
}

/// Whose rows are in reach, where the database itself keeps tenants apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "read by a database that does")]
pub(crate) enum Whose<'a> {
    One(&'a TenantId),
    All,
}

/// A database that keeps entities. Each statement is a transaction of its own.
pub(crate) trait Rows: Statements + 'static {
    /// Begins a transaction. Dropping the future, or what it answers, leaves nothing begun.
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>>;

    /// The same database, which itself lets nobody reach the rows of other tenants; nothing where that is left to the statements.
    fn within(&self, _: Whose<'_>) -> Option<Arc<dyn Rows>> {
        None
    }

    /// A number that all handles of this database share and no other database has while one of them lives.
    fn home(&self) -> usize;

    /// The same statements, over one connection where there are connections: it is taken with the first of them and given back
    /// when this is dropped. Where several writes belong together, it goes before their transaction begins, and another one is
    /// taken afterwards.
    fn session(&self) -> Box<dyn Statements>;

    /// Brings the tables up to these steps.
    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()>;

    /// What is wrong with these tables.
    fn check(&self, tables: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>>;

    /// The statements that make a table.
    fn ddl(&self, table: &'static Table) -> String;

    /// Finishes what was begun and lets go of files and threads.
    fn close(&self) -> Answer<'_, ()>;

    /// Asks the database how it does, over a connection of its own; nothing where it has none to ask over.
    fn health(&self, _: HealthOptions) -> Option<Checks<'_>> {
        None
    }

    /// The connections of callers, where there are any.
    fn pool(&self) -> Option<Pool> {
        None
    }

    /// What spares the database where it fails.
    fn breaker(&self) -> Option<&Breaker> {
        None
    }
}

/// What was found out, one after the other.
pub(crate) type Checks<'a> = Pin<Box<dyn Future<Output = Vec<Check>> + Send + 'a>>;

/// Begins what reads one state of a database.
pub(crate) fn snapshot(rows: &dyn Rows) -> Answer<'_, Option<Box<dyn Snapshot>>> {
    Box::pin(async move {
        let held: Box<dyn Snapshot> = Box::new(rows.begin(Begin::stream()).await?);
        Ok(Some(held))
    })
}

impl Snapshot for Box<dyn Held> {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        (**self).select(plan, sink)
    }

    fn end(self: Box<Self>) -> Answer<'static, ()> {
        (*self).rollback()
    }
}

/// Too many streams are open.
#[allow(dead_code, reason = "said by databases with connections")]
pub(crate) fn too_many_streams(place: impl fmt::Display) -> Error {
    let message = "as many streams of a snapshot are open as may be: one less than `readers`; read them to their end, drop \
                   them, or read in chunks";
    Error::new(ErrorKind::Transient, "db/streams", message).with("database", place)
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
