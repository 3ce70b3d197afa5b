//! Faults of a database, when a test wants them.

mod struck;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use struck::Struck;

use crate::{
    error::{Error, ErrorKind},
    repository::Db,
};

/// What a statement is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Another transaction was faster: `db/busy`. The unit of work can be rolled back to a savepoint.
    Serialization,
    /// Two transactions waited for each other, and this one was ended: `db/busy`, and `unit/dead` afterwards, as on MySQL and
    /// MariaDB. On PostgreSQL it costs the innermost savepoint, as `Serialization` does here.
    Deadlock,
    /// Another has a lock for too long: `db/busy`. The unit of work can be rolled back to a savepoint.
    Busy,
    /// The connection is lost before anything was sent: `db/unavailable`, and `unit/dead` afterwards.
    Unavailable,
    /// There is no room on the disk: `db/full`, and `unit/dead` afterwards.
    DiskFull,
}

/// What has become of a commit whose answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitOutcome {
    /// It happened, and this was found out: the commit answers as if nothing had been.
    Committed,
    /// It did not happen, and this was found out: `db/unavailable`, which a unit is repeated for.
    NotCommitted,
    /// It happened, and nobody could find out: `db/commit_unknown`. Who does the same again does it twice.
    Unknown,
}

/// A database in memory whose statements fail when a test wants it, with the errors that databases give: what a program does
/// about them is tested without a server. Clones strike the same database.
///
/// What is struck are entities and units of work that use them. Never struck is `faults.db().store()`: events, read models and all else
/// that the store reads and writes by itself.
///
/// An error that may pass makes a unit of work begin again:
///
/// ```
/// use bailiwick::{Error, TenantId, entity::Entity, repository::Scope, testing::{Fault, Faults}, unit_of_work::Retry};
///
/// #[derive(Entity, Debug)]
/// struct Room {
///     #[id]
///     #[col(max = 20)]
///     name: String,
///     #[tenant]
///     tenant: TenantId,
///     seats: i64,
/// }
///
/// # async fn run() -> Result<(), Error> {
/// let faults = Faults::new();
/// let house = faults.db().scoped(Scope::tenant("acme")?);
/// faults.fail_next(Fault::Serialization);
/// faults.fail_next(Fault::Unavailable);
/// let attempts = house.in_tx(Retry::default().base(std::time::Duration::from_millis(1)), async |unit| {
///     unit.repository::<Room>().insert(NewRoom { name: "Ada".into(), seats: 4 }).await?;
///     Ok::<_, Error>(unit.attempt())
/// });
/// assert_eq!(attempts.await?, 3);
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run()).expect("it runs");
/// ```
///
/// Whether a program does a thing twice shows when nobody knows whether it was done. Nothing repeats such a unit by itself:
///
/// ```
/// # use bailiwick::{Error, TenantId, entity::Entity, repository::Scope, specification::Spec, testing::{Faults, CommitOutcome}, unit_of_work::Retry};
/// # #[derive(Entity, Debug)]
/// # struct Payment { #[id] #[col(max = 20)] request: String, #[tenant] tenant: TenantId, cents: i64 }
/// # async fn run() -> Result<(), Error> {
/// let faults = Faults::new();
/// let bank = faults.db().scoped(Scope::tenant("acme")?);
/// let pay = async || {
///     bank.in_tx(Retry::default(), async |unit| {
///         // The key of a payment is the request, so it is never there twice.
///         unit.repository::<Payment>().insert(NewPayment { request: "r-1".into(), cents: 500 }).await
///     })
///     .await
/// };
/// faults.lose_connection_at_commit(CommitOutcome::Unknown);
/// let unknown = pay().await.unwrap_err();
/// assert!(unknown.is_unknown_outcome());
/// let again = pay().await.unwrap_err();
/// assert_eq!(again.code(), "repository/duplicate", "it had happened");
/// assert!(bank.repository::<Payment>().find(Spec::all()).one().await.is_ok());
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run()).expect("it runs");
/// ```
#[derive(Debug, Clone)]
pub struct Faults {
    db: Db,
    script: Arc<Script>,
}

/// What is still to come.
#[derive(Debug, Default)]
struct Script(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Fault>,
    commits: VecDeque<CommitOutcome>,
    latency: Duration,
}

impl Faults {
    /// An empty database in memory, which does well so far.
    #[must_use]
    pub fn new() -> Self {
        let (memory, script) = (Db::memory(), Arc::<Script>::default());
        let struck = Struck::new(memory.clone(), Arc::clone(&script));
        Self { db: Db::new(memory.store().clone(), Arc::new(struck)), script }
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// The next statement on entities that has no fault yet fails so; called twice, the next two. What is refused before it is sent, and the end
    /// of a unit of work, is no statement. The statement has done nothing.
    pub fn fail_next(&self, fault: Fault) {
        self.script.state().next.push_back(fault);
    }

    /// From now on each statement and each commit takes at least so long.
    pub fn latency(&self, each: Duration) {
        self.script.state().latency = each;
    }

    /// The answer to the next COMMIT of a unit of work that has no such outcome yet is lost. A unit that wrote nothing and
    /// staged nothing has none, also where it might have.
    pub fn lose_connection_at_commit(&self, outcome: CommitOutcome) {
        self.script.state().commits.push_back(outcome);
    }

    /// How many faults have not struck yet: a test that ends with some has not tested what it meant to.
    #[must_use]
    pub fn left(&self) -> usize {
        let state = self.script.state();
        state.next.len() + state.commits.len()
    }
}

impl Default for Faults {
    fn default() -> Self {
        Self::new()
    }
}

impl Script {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits as long as a statement takes.
    async fn wait(&self) {
        let latency = self.state().latency;
        if latency > Duration::ZERO {
            tokio::time::sleep(latency).await;
        }
    }

    /// A statement comes: what it fails with, if it does.
    async fn strike(&self) -> Result<(), Fault> {
        self.wait().await;
        self.state().next.pop_front().map_or(Ok(()), Err)
    }

    /// A COMMIT comes.
    async fn lost(&self) -> Option<CommitOutcome> {
        self.wait().await;
        self.state().commits.pop_front()
    }
}

impl Fault {
    /// Whether the transaction is gone with it.
    const fn ends(self) -> bool {
        matches!(self, Self::Deadlock | Self::Unavailable | Self::DiskFull)
    }

    /// As databases say it.
    fn error(self) -> Error {
        let (code, message) = match self {
            Self::Serialization | Self::Deadlock | Self::Busy => {
                ("db/busy", "other writers were in the way and nothing was written; try again")
            }
            Self::Unavailable => ("db/unavailable", "the database does not answer and nothing was written; try again"),
            Self::DiskFull => ("db/full", "the disk is full and nothing was written; make space and try again"),
        };
        Error::new(ErrorKind::Transient, code, message)
    }
}

fn commit_unknown() -> Error {
    let message = "it is not known whether the commit happened; repeat it only under the same message ids";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message)
}
