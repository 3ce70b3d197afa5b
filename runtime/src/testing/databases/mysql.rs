//! Databases of MySQL or MariaDB.

use super::{
    TestDb, name,
    server::{url, with_database},
};
use crate::{
    error::Error,
    repository::Db,
    sql::{MysqlStore, rooms},
};

impl TestDb {
    /// A database of MySQL or MariaDB, on the server at `BAILIWICK_TEST_MYSQL_URL`; `None` where that is not set.
    ///
    /// # Errors
    /// `db/open` if the server does not answer, or makes no database for this user.
    pub async fn mysql() -> Result<Option<Self>, Error> {
        let Some(url) = url("BAILIWICK_TEST_MYSQL_URL") else { return Ok(None) };
        let name = name();
        rooms::make::<rooms::Mysql>(&url, &name).await?;
        let db = Db::from(MysqlStore::connect(&with_database(&url, &name))?);
        Ok(Some(Self::new(db, name.clone(), move || async move { rooms::remove::<rooms::Mysql>(&url, &name).await })))
    }
}
