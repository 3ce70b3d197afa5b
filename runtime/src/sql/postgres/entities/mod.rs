//! Rows of entities in a PostgreSQL database.

mod bind;
#[cfg(feature = "decimal")]
mod decimal;
#[cfg(not(feature = "decimal"))]
#[path = "no_decimal.rs"]
mod decimal;
mod meaning;
mod migrations;
mod row;

use std::{future::ready, sync::Arc};

use futures_util::TryStreamExt as _;
use sea_query::PostgresQueryBuilder;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgArguments, query::Query};

use self::{meaning::failed, row::Row};
use super::{
    classify::Failure,
    connection::{Postgres, Server},
    store::PostgresStore,
};
use crate::{
    entity::Table,
    error::Error,
    plan::{Answer, Reach, Select, Sink, Statements, Step, Write},
    repository::Db,
    sql::{
        query::Statement,
        server::{Asked, Entities, begins_nothing, too_heavy},
    },
    store::{
        Store,
        entities::{Begin, Held, Rows},
    },
};

impl From<PostgresStore> for Db {
    fn from(store: PostgresStore) -> Self {
        Self::over(store)
    }
}

impl Statements for PostgresStore {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.0.tables.select(plan, sink))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        Box::pin(self.0.tables.count(reach, most))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Box::pin(self.0.tables.write(plan))
    }
}

impl Rows for PostgresStore {
    fn begin(&self, _: Begin) -> Answer<'_, Box<dyn Held>> {
        Box::pin(ready(Err(begins_nothing())))
    }

    fn home(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        Box::pin(async move {
            Store::migrate(self).await?;
            self.0.tables.migrate(&steps).await
        })
    }

    fn ddl(&self, table: &'static Table) -> String {
        migrations::ddl(table)
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(Store::close(self))
    }
}

impl Entities for Postgres {
    type Sql = PostgresQueryBuilder;

    async fn select(db: &mut PgConnection, (table, asked): Asked<'_>, sink: &mut dyn Sink) -> Result<(), Failure> {
        let mut rows = query(asked)?.fetch(db);
        while let Some(row) = rows.try_next().await.map_err(|error| failed(table, error))? {
            sink.row(&mut Row(&row))?;
        }
        Ok(())
    }

    async fn count(db: &mut PgConnection, (table, asked): Asked<'_>) -> Result<u64, Failure> {
        let row = query(asked)?.fetch_one(db).await.map_err(|error| failed(table, error))?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    async fn write(db: &mut PgConnection, (table, asked): Asked<'_>) -> Result<u64, Failure> {
        let written = query(asked)?.execute(db).await.map_err(|error| failed(table, error))?;
        Ok(written.rows_affected())
    }

    async fn migrate(db: &mut PgConnection, steps: &[Step]) -> Result<(), Failure> {
        migrations::apply(db, steps).await
    }

    fn admits(_: Option<&Server>, statement: &Statement) -> Result<(), Error> {
        too_heavy(statement, LARGEST)
    }
}

/// A message of the protocol is no larger.
const LARGEST: usize = 1 << 30;

/// The text has names of columns and placeholders, and no value.
fn query<'q>(statement: &Statement) -> Result<Query<'q, sqlx::Postgres, PgArguments>, Error> {
    let arguments = bind::all(&statement.params)?;
    Ok(sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments))
}
