//! Pools for the peers, with the settings of the mode.

use ::evento::{
    Postgres,
    migrator::{Migrate as _, Plan},
};
use sqlx::ConnectOptions as _;
use sqlx_08::{ConnectOptions as _, Executor as _};

use super::{
    super::postgres::database::{Schema, url},
    evento::Open,
};

/// A pool of sqlx 0.8.
pub async fn sqlx_08(schema: &Schema, connections: u32) -> sqlx_08::PgPool {
    let options: sqlx_08::postgres::PgConnectOptions = url().parse().unwrap();
    let options = options.options(schema.settings()).disable_statement_logging();
    sqlx_08::postgres::PgPoolOptions::new().max_connections(connections).connect_with(options).await.unwrap()
}

/// A pool of sqlx 0.9.
async fn sqlx_09(schema: &Schema, connections: u32) -> sqlx::PgPool {
    let options: sqlx::postgres::PgConnectOptions = url().parse().unwrap();
    let options = options.options(schema.settings()).disable_statement_logging();
    sqlx::postgres::PgPoolOptions::new().max_connections(connections).connect_with(options).await.unwrap()
}

impl Open for Postgres {
    const NAME: &'static str = "evento";

    async fn open(schema: &Schema, connections: u32) -> Self {
        let pool = sqlx_09(schema, connections).await;
        let migrations = ::evento::sql_migrator::new::<sqlx::Postgres>().unwrap();
        migrations.run(&mut *pool.acquire().await.unwrap(), &Plan::apply_all()).await.unwrap();
        pool.into()
    }
}

/// Runs the statements that a documentation gives.
pub async fn run(pool: &sqlx_08::PgPool, sql: &str) {
    pool.execute(sqlx_08::raw_sql(sql)).await.unwrap();
}
