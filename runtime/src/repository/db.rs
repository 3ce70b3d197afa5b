//! The handle of a database, and the handle of a database in a scope.

use std::{
    any::Any,
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use super::{CursorKeys, Migrations, Repository, Scope, Session, Teller, asked::Source, session::Global};
use crate::{
    entity::{Entity, GlobalEntity, Table},
    error::Error,
    plan::{SchemaFinding, SlowLog, SlowQuery},
    resilience::{Breaker, Budget, Pool},
    store::{
        AnyStore, Entities, MemoryStore, Store,
        entities::{Begin, Held, Rows},
    },
};

/// A database. Clones share it.
///
/// | made of | statements | units of work |
/// |---|---|---|
/// | [`memory`](Self::memory), `MemoryStore` | at once | one writes at a time |
/// | `SqliteStore` | reads on the store's readers; writes share the transactions of its writer | one writes at a time |
/// | `PostgresStore`, `MysqlStore` | on connections of their own, as many as `readers` | on as many further ones, beside each other |
///
/// Connections of servers are opened when they are needed. A read whose connection is lost is repeated once on a new one; a
/// write is not, and answers `db/commit_unknown`.
#[derive(Clone)]
pub struct Db {
    store: AnyStore,
    rows: Arc<dyn Rows>,
    keys: Keys,
    /// The retries that may still be made here.
    budget: Arc<Budget>,
    /// How units of work are made here, for those above who make them.
    units: Option<Arc<dyn Any + Send + Sync>>,
    /// Who tells of what is saved outside of a unit of work.
    teller: Option<Arc<dyn Teller>>,
}

impl Db {
    /// A database in memory, empty, for tests: it goes with its last handle.
    #[must_use]
    pub fn memory() -> Self {
        MemoryStore::new().into()
    }

    /// The entities of a store, which are written in its transactions; nothing if it keeps none.
    #[must_use]
    pub fn of(store: &AnyStore) -> Option<Self> {
        let Entities(rows) = store.entities()?;
        Some(Self::new(store.clone(), rows))
    }

    /// A database over what keeps rows and commits.
    pub(crate) fn over(store: impl Store + Rows + Clone) -> Self {
        let rows = Arc::new(store.clone());
        Self::new(AnyStore::new(store), rows)
    }

    /// A database of a store whose entities are asked of these.
    pub(crate) fn new(store: AnyStore, rows: Arc<dyn Rows>) -> Self {
        Self { store, rows, keys: Keys::default(), budget: Arc::default(), units: None, teller: None }
    }

    /// Brings the tables up to these steps: all that have not been applied, or nothing. Several processes may do this at
    /// once. In memory there is nothing to do. On MySQL and MariaDB the steps before one that fails stay applied, for these
    /// servers commit each change of tables by itself.
    ///
    /// # Errors
    /// `db/schema` with the name of the step that failed, or that was changed after it had been applied.
    pub async fn migrate(&self, migrations: Migrations) -> Result<(), Error> {
        self.rows.migrate(migrations.steps).await
    }

    /// Holds these tables against what their entities declare, as an application does for its
    /// [entities](crate::app::AppBuilder::entity) when it starts. In memory there is nothing to find.
    ///
    /// ```
    /// # use bailiwick::{Error, entity::Entity, repository::{Db, Migrations}, sql::SqliteStore};
    /// #[derive(Entity)]
    /// #[entity(table = "country")]
    /// struct Country {
    ///     #[id]
    ///     #[col(max = 2)]
    ///     code: String,
    ///     note: Option<String>,
    /// }
    ///
    /// # async fn run() -> Result<(), Error> {
    /// # let folder = tempfile::tempdir().expect("a folder");
    /// # let db = Db::from(SqliteStore::open(folder.path().join("shop.db"))?);
    /// db.migrate(Migrations::new().sql("0001", "CREATE TABLE country (code TEXT NOT NULL PRIMARY KEY)")).await?;
    /// let findings = db.check_schema(&[Country::TABLE]).await?;
    /// assert_eq!(findings[0].code, "schema/column");
    /// assert_eq!(findings[0].repair.as_deref(), Some(r#"ALTER TABLE "country" ADD COLUMN "note" TEXT"#));
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run()).expect("it runs");
    /// ```
    ///
    /// | code | finding |
    /// |---|---|
    /// | `schema/table`, `schema/column` | it is not there |
    /// | `schema/type`, `schema/null` | the column has another type, or may be null where the field may not, or the reverse |
    /// | `schema/collation` | a text by which rows are found, sorted or told apart is not compared by its bytes |
    /// | `schema/key` | the primary key or a unique key is not there |
    /// | `schema/key_tenant` | a unique key does not begin with the tenant |
    /// | `schema/key_deleted` | a unique key has the rows that are soft-deleted, too |
    /// | `schema/row_security` | under [row-level security](crate::guide::tenants), the server does not keep tenants apart in the table |
    /// | `schema/decimal` | a decimal number has more digits than the database keeps |
    ///
    /// # Errors
    /// Those of the database.
    pub async fn check_schema(&self, tables: &[&'static Table]) -> Result<Vec<SchemaFinding>, Error> {
        self.rows.check(tables.to_vec()).await
    }

    /// The statements that [`Migrations::ddl`] executes here for an entity. Kept as text and given to [`Migrations::sql`] under the
    /// same name, they are the same step, also once the entity has changed. In memory there are none.
    #[must_use]
    pub fn ddl<E: Entity>(&self) -> String {
        self.rows.ddl(E::TABLE)
    }

    /// Finishes what was begun and lets go of files and threads, for all handles. Later calls answer `store/closed`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn close(&self) -> Result<(), Error> {
        self.rows.close().await
    }

    /// Seals cursors with these keys, so that they outlive the process and are good in others. It holds for this handle and
    /// those made of it.
    #[must_use]
    pub fn cursor_keys(self, keys: CursorKeys) -> Self {
        Self { keys: Keys(Arc::new(OnceLock::from(keys))), ..self }
    }

    /// The rows of an entity that belongs to no tenant.
    #[must_use]
    pub fn repository<E: GlobalEntity>(&self) -> Repository<'_, E> {
        Repository::new(&*self.rows, &self.keys, Scope::nobody()).through(self)
    }

    /// The same database, for a tenant and an actor.
    #[must_use]
    pub fn scoped(&self, scope: Scope) -> Scoped {
        Scoped { db: self.clone(), scope }
    }

    /// The same database for one who asks one thing after another; of entities that belong to no tenant. See [`Session`].
    #[must_use]
    pub fn session(&self) -> Session<Global> {
        Session::new(self.rows.session(), self.keys.clone(), Scope::nobody())
    }

    /// The committed rows of an entity, for who may only read.
    pub(crate) fn reading<E: Entity>(&self, scope: Scope) -> Repository<'_, E> {
        Repository::over(Source::of(&*self.rows, &scope), &self.keys, scope.reading())
    }

    /// The store that writes here.
    #[must_use]
    pub fn store(&self) -> &AnyStore {
        &self.store
    }

    /// Statements that took longer than this, from the call to the answer, are slow from now on, for all handles of the database;
    /// 500 ms by default. Each is an event in the log, at `warn`, and the newest 128 are [kept](Self::slow_queries).
    pub fn slow_above(&self, limit: Duration) {
        if let Some(slow) = self.rows.slow() {
            slow.above(limit);
        }
    }

    /// The statements on entities that were slow, the newest last, up to 128 of them.
    #[must_use]
    pub fn slow_queries(&self) -> Vec<SlowQuery> {
        self.rows.slow().map(SlowLog::all).unwrap_or_default()
    }

    /// The connections for entities, as they are now, those of single statements and of units of work together; nothing in memory
    /// and on SQLite, where threads of the store take their turns.
    #[must_use]
    pub fn pool(&self) -> Option<Pool> {
        self.rows.pool()
    }

    /// What spares the database where it fails, if something does: by default on PostgreSQL, MySQL and MariaDB. Where it is open,
    /// statements on entities and units of work answer `db/circuit_open`, with [`CircuitOpen`](crate::resilience::CircuitOpen) as the cause, and nothing is sent.
    #[must_use]
    pub fn breaker(&self) -> Option<&Breaker> {
        self.rows.breaker()
    }

    /// Who carries plans out.
    pub(crate) fn rows(&self) -> &dyn Rows {
        &*self.rows
    }

    /// The same rows, as far as the scope reaches where the database itself keeps tenants apart.
    fn within(&self, scope: &Scope) -> Arc<dyn Rows> {
        let own = scope.whose().and_then(|whose| self.rows.within(whose));
        own.unwrap_or_else(|| Arc::clone(&self.rows))
    }

    /// Begins a transaction for a scope.
    pub(crate) async fn hold(&self, begin: Begin, scope: &Scope) -> Result<Box<dyn Held>, Error> {
        self.within(scope).begin(begin).await
    }

    /// The number by which it is known that one transaction is open inside another.
    pub(crate) fn home(&self) -> usize {
        self.rows.home()
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The same database; who makes units of work here makes them of this.
    pub(crate) fn with_units(self, units: impl Any + Teller + Clone) -> Self {
        Self { units: Some(Arc::new(units.clone())), teller: Some(Arc::new(units)), ..self }
    }

    pub(super) fn teller(&self) -> Option<&dyn Teller> {
        self.teller.as_deref()
    }

    /// What was given to [`with_units`](Self::with_units).
    pub(crate) fn units<T: 'static>(&self) -> Option<&T> {
        self.units.as_deref()?.downcast_ref()
    }
}

impl From<MemoryStore> for Db {
    fn from(store: MemoryStore) -> Self {
        Self::over(store)
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").finish_non_exhaustive()
    }
}

/// The keys of cursors, made when they are first asked for.
#[derive(Clone, Default)]
pub(crate) struct Keys(Arc<OnceLock<CursorKeys>>);

impl Keys {
    pub(super) fn get(&self) -> &CursorKeys {
        self.0.get_or_init(CursorKeys::of_this_process)
    }
}

/// A database in a scope: what is read and written through it stays there.
#[derive(Debug, Clone)]
pub struct Scoped {
    db: Db,
    scope: Scope,
}

impl Scoped {
    /// The rows of an entity that are in the scope.
    #[must_use]
    pub fn repository<E: Entity>(&self) -> Repository<'_, E> {
        let source = Source::of(&*self.db.rows, &self.scope);
        Repository::over(source, &self.db.keys, self.scope.clone()).through(&self.db)
    }

    /// The same rows for one who asks one thing after another. See [`Session`].
    #[must_use]
    pub fn session(&self) -> Session {
        Session::new(self.db.within(&self.scope).session(), self.db.keys.clone(), self.scope.clone())
    }

    /// The scope.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The database, in no scope.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }
}
