//! The handle of a database, and the handle of a database in a scope.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::{CursorKeys, Migrations, Repository, Scope, memory::MemoryRows, rows::Rows};
use crate::{
    entity::{Entity, GlobalEntity},
    error::Error,
};

/// A database. Clones share it.
#[derive(Clone)]
pub struct Db {
    rows: Arc<dyn Rows>,
    keys: Arc<OnceLock<CursorKeys>>,
}

impl Db {
    /// A database in memory, empty, for tests: it goes with its last handle.
    #[must_use]
    pub fn memory() -> Self {
        Self::over(MemoryRows::default())
    }

    /// A database over what keeps rows.
    pub(crate) fn over(rows: impl Rows) -> Self {
        Self { rows: Arc::new(rows), keys: Arc::default() }
    }

    /// Brings the tables up to these steps: all that have not been applied, or nothing. Several processes may do this at
    /// once. In memory there is nothing to do.
    ///
    /// # Errors
    /// `db/schema` with the name of the step that failed, or that was changed after it had been applied.
    pub async fn migrate(&self, migrations: Migrations) -> Result<(), Error> {
        self.rows.migrate(migrations.steps).await
    }

    /// The statements that [`Migrations::ddl`] executes here for an entity. Kept as text and given to [`Migrations::sql`] under the
    /// same name, they are the same step, also once the entity has changed. In memory there are none.
    #[must_use]
    pub fn ddl<E: Entity>(&self) -> String {
        self.rows.ddl(E::TABLE)
    }

    /// Finishes what was begun and lets go of files and threads, for all handles. Later calls answer `store/closed`; in memory there
    /// is nothing to let go of, and they go on.
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
        Self { keys: Arc::new(OnceLock::from(keys)), ..self }
    }

    pub(super) fn rows(&self) -> &dyn Rows {
        &*self.rows
    }

    pub(super) fn keys(&self) -> &CursorKeys {
        self.keys.get_or_init(CursorKeys::of_this_process)
    }

    /// The rows of an entity that belongs to no tenant.
    #[must_use]
    pub fn repository<E: GlobalEntity>(&self) -> Repository<'_, E> {
        Repository::new(self, Scope::nobody())
    }

    /// The same database, for a tenant and an actor.
    #[must_use]
    pub fn scoped(&self, scope: Scope) -> Scoped {
        Scoped { db: self.clone(), scope }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").finish_non_exhaustive()
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
        Repository::new(&self.db, self.scope.clone())
    }

    /// The scope.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
}
