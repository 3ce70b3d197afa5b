//! A PostgreSQL that keeps tenants apart by itself, as a second line behind the conditions of statements.

mod global;
mod kept;
mod many;
mod migrated;
mod refused;
mod tables;

use bailiwick::{
    Uuid,
    repository::Db,
    sql::{PostgresOptions, PostgresStore},
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tests::servers::{self, Owned};

use crate::rows::shop::{NewOrder, Order, OrderId, new, shop, tables};

/// A database of a plain user; none where there is no PostgreSQL.
fn room() -> Option<Owned> {
    Some(servers::postgres()?.owned_database())
}

fn options(url: &str) -> PostgresOptions {
    PostgresStore::options(url).unwrap().row_level_security()
}

fn db(options: PostgresOptions) -> Db {
    Db::from(options.connect().unwrap())
}

/// Orders 1 to 3 of `acme` and of `other`.
async fn filled(room: &Owned) -> Db {
    let db = db(options(&room.plain_url()).readers(4));
    db.migrate(tables()).await.unwrap();
    for (tenant, owner) in [("acme", 1_u128), ("other", 2)] {
        for number in 1..=3 {
            let id = OrderId::from(Uuid::from_u128(u128::from(number) << 64 | owner << 32));
            let new = NewOrder { id: Some(id), ..new(number) };
            shop(&db, tenant).repository::<Order>().insert(new).await.unwrap();
        }
    }
    db
}

/// A connection of somebody else.
async fn other(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.map(drop)
}

async fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await.unwrap()
}
