//! Databases of PostgreSQL.

use super::{
    TestDb, name,
    server::{url, with_database},
};
use crate::{
    error::Error,
    repository::Db,
    sql::{PostgresStore, rooms},
};

impl TestDb {
    /// A database of PostgreSQL, on the server at `BAILIWICK_TEST_POSTGRES_URL`; `None` where that is not set.
    ///
    /// # Errors
    /// `db/open` if the server does not answer, or makes no database for this user.
    pub async fn postgres() -> Result<Option<Self>, Error> {
        let Some(url) = url("BAILIWICK_TEST_POSTGRES_URL") else { return Ok(None) };
        let name = name();
        rooms::make::<rooms::Postgres>(&url, &name).await?;
        let db = Db::from(PostgresStore::connect(&with_database(&url, &name))?);
        Ok(Some(Self::new(
            db,
            name.clone(),
            move || async move { rooms::remove::<rooms::Postgres>(&url, &name).await },
        )))
    }
}
