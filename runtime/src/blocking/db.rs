//! The handle of a database, and the handle of a database in a scope.

use std::{future::ready, time::Duration};

use super::{Audit, Background, Repository, Session, UnitOfWork, forward};
use crate::{
    entity::{Entity, GlobalEntity, Table},
    error::Error,
    plan::{SchemaFinding, SlowQuery},
    repository::{self, CursorKeys, Global, Migrations, Scope},
    resilience::{Breaker, HealthOptions, HealthReport, Pool, Retry},
    store::{AnyStore, Begin},
    unit_of_work,
};

/// A database, for threads that wait for its answers. Clones share it, and the one thread that drives it.
///
/// It is made of a store or of a [`Db`](repository::Db), and its methods are those of [`Db`](repository::Db).
#[derive(Debug, Clone)]
pub struct Db {
    inner: repository::Db,
    on: Background,
}

impl Db {
    /// A database in memory, empty, for tests: it goes with its last handle.
    #[must_use]
    pub fn memory() -> Self {
        repository::Db::memory().into()
    }

    /// The database at a URL; as [`connect`](repository::Db::connect) of the async form.
    ///
    /// # Errors
    /// As there.
    pub fn connect(url: &str) -> Result<Self, Error> {
        repository::Db::connect(url).map(Self::from)
    }

    /// The entities of a store, which are written in its transactions; nothing if it keeps none.
    #[must_use]
    pub fn of(store: &AnyStore) -> Option<Self> {
        repository::Db::of(store).map(Self::from)
    }

    forward! {
        repository::Db;
        async fn migrate(&self, migrations: Migrations) -> Result<(), Error>;
        async fn check_schema(&self, tables: &[&'static Table]) -> Result<Vec<SchemaFinding>, Error>;
        async fn close(&self) -> Result<(), Error>;
        fn ddl[E: Entity](&self) -> String;
        fn store(&self) -> &AnyStore;
        fn slow_queries(&self) -> Vec<SlowQuery>;
        fn pool(&self) -> Option<Pool>;
        fn breaker(&self) -> Option<&Breaker>;
        with fn cursor_keys(self, keys: CursorKeys);
    }

    /// As [`slow_above`](repository::Db::slow_above) of the async form.
    pub fn slow_above(&self, limit: Duration) {
        self.inner.slow_above(limit);
    }

    /// As [`health`](repository::Db::health) of the async form.
    ///
    /// # Errors
    /// `db/config` on a thread of an async runtime.
    pub fn health(&self) -> Result<HealthReport, Error> {
        self.health_with(HealthOptions::new())
    }

    /// As [`health_with`](repository::Db::health_with) of the async form.
    ///
    /// # Errors
    /// `db/config` on a thread of an async runtime.
    pub fn health_with(&self, asked: HealthOptions) -> Result<HealthReport, Error> {
        self.on.wait(async { Ok(self.inner.health_with(asked).await) })
    }

    /// The rows of an entity that belongs to no tenant.
    #[must_use]
    pub fn repository<E: GlobalEntity>(&self) -> Repository<'_, E> {
        Repository { inner: self.inner.repository(), on: &self.on }
    }

    /// The same database, for a tenant and an actor.
    #[must_use]
    pub fn scoped(&self, scope: Scope) -> Scoped {
        Scoped { inner: self.inner.scoped(scope), db: self.clone() }
    }

    /// One connection for statements that follow each other.
    #[must_use]
    pub fn session(&self) -> Session<Global> {
        Session { inner: self.inner.session(), on: self.on.clone() }
    }

    /// What was done here, by all tenants and by nobody in particular.
    #[must_use]
    pub fn audit(&self) -> Audit {
        Audit { inner: self.inner.audit(), on: self.on.clone() }
    }

    /// As [`begin`](repository::Db::begin) of the async form.
    ///
    /// # Errors
    /// As there.
    pub fn begin(&self, begin: Begin) -> Result<UnitOfWork, Error> {
        let inner = self.on.wait(self.inner.begin(begin))?;
        Ok(UnitOfWork { inner, on: self.on.clone() })
    }

    /// As [`in_tx`](repository::Db::in_tx) of the async form.
    ///
    /// # Errors
    /// As there.
    pub fn in_tx<T, X, F>(&self, retry: Retry, work: F) -> Result<T, X>
    where
        X: From<Error>,
        F: FnMut(&mut UnitOfWork) -> Result<T, X>,
    {
        self.scoped(Scope::nobody()).in_tx(retry, work)
    }
}

impl<T> From<T> for Db
where
    repository::Db: From<T>,
{
    fn from(made_of: T) -> Self {
        Self { inner: made_of.into(), on: Background::default() }
    }
}

/// A database in a scope: what is read and written through it stays there.
#[derive(Debug, Clone)]
pub struct Scoped {
    inner: repository::Scoped,
    db: Db,
}

impl Scoped {
    forward! {
        repository::Scoped;
        fn scope(&self) -> &Scope;
    }

    /// The database, in no scope.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// The rows of an entity that are in the scope.
    #[must_use]
    pub fn repository<E: Entity>(&self) -> Repository<'_, E> {
        Repository { inner: self.inner.repository(), on: &self.db.on }
    }

    /// One connection for statements that follow each other.
    #[must_use]
    pub fn session(&self) -> Session {
        Session { inner: self.inner.session(), on: self.db.on.clone() }
    }

    /// What was done in this scope: other tenants' rows are out of reach.
    #[must_use]
    pub fn audit(&self) -> Audit {
        Audit { inner: self.inner.audit(), on: self.db.on.clone() }
    }

    /// As [`begin`](repository::Scoped::begin) of the async form: its transaction is open when this answers.
    ///
    /// # Errors
    /// As there.
    pub fn begin(&self, begin: Begin) -> Result<UnitOfWork, Error> {
        let inner = self.db.on.wait(self.inner.begin(begin))?;
        Ok(UnitOfWork { inner, on: self.db.on.clone() })
    }

    /// As [`in_tx`](repository::Scoped::in_tx) of the async form: commits what `work` has done if it answers `Ok`, and repeats all of it
    /// where an error of the database may pass.
    ///
    /// # Errors
    /// As there.
    pub fn in_tx<T, X, F>(&self, retry: Retry, mut work: F) -> Result<T, X>
    where
        X: From<Error>,
        F: FnMut(&mut UnitOfWork) -> Result<T, X>,
    {
        let on = &self.db.on;
        let lent = |unit: &mut unit_of_work::UnitOfWork| ready(UnitOfWork::lend(unit, on, &mut work));
        on.wait(self.inner.repeat(retry, lent))
    }
}
