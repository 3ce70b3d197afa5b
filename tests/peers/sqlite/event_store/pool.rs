//! Pools for evento, with the settings of the sides written by hand.

use ::evento::{
    Sqlite,
    migrator::{Migrate as _, Plan},
    sql::RwSqlite,
};

use super::{super::sqlite::database::File, evento::Open};

impl Open for Sqlite {
    const NAME: &'static str = "evento";

    async fn open(file: &File, connections: u32) -> Self {
        let pool = file.pool(connections).await;
        let migrations = ::evento::sql_migrator::new::<sqlx::Sqlite>().unwrap();
        migrations.run(&mut *pool.acquire().await.unwrap(), &Plan::apply_all()).await.unwrap();
        pool.into()
    }
}

/// Its form for reading and writing apart: SQLite lets one write, so one connection does.
impl Open for RwSqlite {
    const NAME: &'static str = "evento, one writer";

    async fn open(file: &File, connections: u32) -> Self {
        (Sqlite::open(file, connections).await, Sqlite::from(file.pool(1).await)).into()
    }
}
