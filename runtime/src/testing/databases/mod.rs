//! Databases that a test has for itself.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::{fmt, future::Future, pin::Pin};

use crate::{clock::Clock, error::Error, repository::Db};

/// An empty database that a test has for itself, which [`end`](Self::end) removes.
///
/// ```
/// use bailiwick::{Error, entity::Entity, repository::Migrations, testing::TestDb};
///
/// #[derive(Entity, Debug)]
/// struct Country {
///     #[id]
///     #[col(max = 2)]
///     code: String,
/// }
///
/// async fn a_country_is_there_once(test: &TestDb) -> Result<(), Error> {
///     test.db().migrate(Migrations::new().ddl::<Country>("0001_country")).await?;
///     test.db().repository::<Country>().insert(NewCountry { code: "de".into() }).await?;
///     let again = test.db().repository::<Country>().insert(NewCountry { code: "de".into() }).await;
///     assert!(again.is_err_and(|error| error.is_conflict()));
///     Ok(())
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// for test in [Some(TestDb::memory()), TestDb::sqlite().await?].into_iter().flatten() {
///     a_country_is_there_once(&test).await?;
///     test.end().await?;
/// }
/// # Ok::<(), Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// | made by | feature | where |
/// |---|---|---|
/// | `memory` | | in memory |
/// | `sqlite` | `sqlite` | a file in the folder for temporary files |
/// | `postgres` | `postgres` | a database of the server at `BAILIWICK_TEST_POSTGRES_URL` |
/// | `mysql` | `mysql` | a database of the server at `BAILIWICK_TEST_MYSQL_URL` |
///
/// Without its variable, a server answers `None` and says on stderr that it is skipped. What a test leaves behind that fails before its end has a name
/// that begins with `bw_test_`.
#[must_use = "`end` removes what was made"]
pub struct TestDb {
    db: Db,
    remove: Option<Removal>,
}

type Removal = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>> + Send + Sync>;

impl TestDb {
    /// A database in memory.
    pub fn memory() -> Self {
        Self { db: Db::memory(), remove: None }
    }

    /// The database.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Closes the database and removes it.
    ///
    /// # Errors
    /// `db/open` if it cannot be removed; those of the database.
    pub async fn end(self) -> Result<(), Error> {
        self.db.close().await?;
        match self.remove {
            Some(remove) => remove().await,
            None => Ok(()),
        }
    }

    #[allow(dead_code, reason = "used by whichever databases there are")]
    fn new<F>(db: Db, remove: impl FnOnce() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        Self { db, remove: Some(Box::new(|| Box::pin(remove()))) }
    }
}

/// A name that no other database has.
#[allow(dead_code, reason = "used by whichever databases there are")]
fn name() -> String {
    format!("bw_test_{}", Clock::system().uuid().simple())
}

impl fmt::Debug for TestDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestDb").field("db", &self.db).finish_non_exhaustive()
    }
}
