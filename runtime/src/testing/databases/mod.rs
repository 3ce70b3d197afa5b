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
    made: Option<(String, Removal)>,
}

type Removal = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>> + Send + Sync>;

impl TestDb {
    /// A database in memory.
    pub fn memory() -> Self {
        Self { db: Db::memory(), made: None }
    }

    /// The database.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// The name of the database on its server, or the path of the file; `None` in memory.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.made.as_ref().map(|(name, _)| name.as_str())
    }

    /// Closes the database and removes it, whoever else is connected.
    ///
    /// # Errors
    /// `db/open` if it cannot be removed; those of the database.
    pub async fn end(self) -> Result<(), Error> {
        let closed = self.db.close().await;
        match self.made {
            Some((_, remove)) => remove().await.and(closed),
            None => closed,
        }
    }

    #[allow(dead_code, reason = "used by whichever databases there are")]
    fn new<F>(db: Db, name: String, remove: impl FnOnce() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        Self { db, made: Some((name, Box::new(|| Box::pin(remove())))) }
    }
}

/// A name that no other database has.
#[allow(dead_code, reason = "used by whichever databases there are")]
fn name() -> String {
    format!("bw_test_{}", Clock::system().uuid().simple())
}

impl fmt::Debug for TestDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestDb").field("db", &self.db).field("name", &self.name()).finish_non_exhaustive()
    }
}
