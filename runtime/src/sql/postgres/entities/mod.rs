//! Rows of entities in a PostgreSQL database.

mod bind;
mod copy;
#[cfg(feature = "decimal")]
mod decimal;
#[cfg(not(feature = "decimal"))]
#[path = "no_decimal.rs"]
mod decimal;
mod estimate;
mod meaning;
mod migrations;
mod row;
mod unit;

use futures_util::TryStreamExt as _;
use sea_query::PostgresQueryBuilder;
use sqlx::{AssertSqlSafe, Column, Executor as _, PgConnection, Row as _, postgres::PgArguments, query::Query};

pub(super) use self::migrations::ddl;
use self::{meaning::failed, row::Row};
use super::{
    catalog,
    classify::Failure,
    connection::{Postgres, Server},
    options::PostgresOptions,
    tenants,
};
use crate::{
    entity::{ColumnDef, Kind, Table, Value},
    error::Error,
    plan::{SchemaFinding, Sink, Step, refusal::overflow},
    sql::{
        query::{Statement, fits, sum_of_float, sum_of_text},
        server::{Asked, Entities, Row as Values, too_heavy},
    },
};

impl Entities for Postgres {
    type Sql = PostgresQueryBuilder;

    async fn select(db: &mut PgConnection, (table, asked): Asked<'_>, sink: &mut dyn Sink) -> Result<(), Failure> {
        let mut rows = query(asked)?.fetch(db);
        while let Some(row) = rows.try_next().await.map_err(|error| failed(table, error))? {
            if asked.by_hand {
                fits(table, row.columns().iter().map(Column::name))?;
            }
            sink.row(&mut Row(&row))?;
        }
        Ok(())
    }

    async fn count(db: &mut PgConnection, (table, asked): Asked<'_>) -> Result<u64, Failure> {
        let row = query(asked)?.fetch_one(db).await.map_err(|error| failed(table, error))?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    async fn sum(
        db: &mut PgConnection,
        (table, asked): Asked<'_>,
        column: &'static ColumnDef,
    ) -> Result<Value<'static>, Failure> {
        let rows = query(asked)?.fetch_all(db).await.map_err(|error| beyond(column, failed(table, error)))?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        Ok(match column.kind() {
            Kind::Float => sum_of_float(column, row.try_get(0)?)?,
            _ => sum_of_text(column, row.try_get(0)?)?,
        })
    }

    async fn write(db: &mut PgConnection, (table, asked): Asked<'_>) -> Result<u64, Failure> {
        let written = query(asked)?.execute(db).await.map_err(|error| failed(table, error))?;
        Ok(written.rows_affected())
    }

    async fn estimate(db: &mut PgConnection, asked: Asked<'_>) -> Result<Option<u64>, Failure> {
        estimate::estimate(db, asked).await
    }

    const AT_ONCE: usize = 1_000; // their lists stay in the memory that a statement may use

    const COPIES: usize = 5_000; // of fewer, the packets are smaller than the wait for each

    async fn copy(db: &mut PgConnection, table: &'static Table, rows: Vec<Values>) -> Result<u64, Failure> {
        copy::copy(db, table, rows).await
    }

    async fn enter(db: &mut PgConnection, rule: &str) -> Result<(), Failure> {
        let begin = AssertSqlSafe(format!("BEGIN; SELECT {rule}"));
        Ok(db.execute(sqlx::raw_sql(begin)).await.map(drop)?)
    }

    async fn leave<T: Send>(db: &mut PgConnection, answer: Result<T, Failure>) -> Result<T, Failure> {
        match answer {
            Ok(done) => db.execute("COMMIT").await.map(|_| done).map_err(Failure::of_commit),
            Err(failure) if failure.breaks() => Err(failure),
            Err(failure) => db.execute("ROLLBACK").await.map_or_else(|error| Err(error.into()), |_| Err(failure)),
        }
    }

    async fn execute(db: &mut PgConnection, sql: String) -> Result<(), Failure> {
        Ok(db.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)?)
    }

    async fn migrate(db: &mut PgConnection, options: &PostgresOptions, steps: &[Step]) -> Result<(), Failure> {
        migrations::apply(db, options.keeps_tenants(), steps).await
    }

    async fn check_tables(
        db: &mut PgConnection,
        options: &PostgresOptions,
        tables: &[&'static Table],
    ) -> Result<Vec<SchemaFinding>, Failure> {
        let mut findings = Vec::new();
        for table in tables {
            let found = catalog::found(db, table).await?;
            findings.extend(migrations::check(table, &found));
            if options.keeps_tenants() && !found.columns.is_empty() {
                findings.extend(tenants::check(db, table).await?);
            }
        }
        Ok(findings)
    }

    fn admits(_: Option<&Server>, statement: &Statement) -> Result<(), Error> {
        too_heavy(statement, LARGEST)
    }
}

/// A message of the protocol is no larger.
const LARGEST: usize = 1 << 30;

/// A sum that the server cannot count.
fn beyond(column: &ColumnDef, failure: Failure) -> Failure {
    match failure {
        Failure::Own(error) if error.code() == "repository/value" => Failure::Own(overflow(column)),
        other => other,
    }
}

/// The text has names of columns and placeholders, and no value.
fn query<'q>(statement: &Statement) -> Result<Query<'q, sqlx::Postgres, PgArguments>, Error> {
    let arguments = bind::all(&statement.params)?;
    Ok(sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments))
}
