//! Rows of entities in a MySQL or MariaDB database.

mod bind;
#[cfg(feature = "decimal")]
mod decimal;
#[cfg(not(feature = "decimal"))]
#[path = "no_decimal.rs"]
mod decimal;
mod estimate;
mod health;
mod meaning;
mod migrations;
mod row;
mod unit;

use futures_util::TryStreamExt as _;
use sea_query::MysqlQueryBuilder;
use sqlx::{AssertSqlSafe, Column, Executor as _, MySqlConnection, Row as _, mysql::MySqlArguments, query::Query};

use self::{meaning::failed, row::Row};
use super::{
    catalog,
    classify::Failure,
    connection::{MySql, Server},
    options::MysqlOptions,
    store::MysqlStore,
};
use crate::{
    entity::{ColumnDef, Kind, Table, Value},
    error::Error,
    plan::{
        Answer, Batch, Reach, SchemaFinding, Select, Sink, SlowLog, Snapshot, Statements, Step, Upsert, Write,
        raw::Raw, refusal::overflow,
    },
    repository::Db,
    resilience::{Breaker, HealthOptions, Pool},
    sql::{
        query::{Statement, fits, sum_of_float, sum_of_text},
        server::{Asked, Entities, Rule, batch_alone, both, health, too_heavy, upsert_alone},
    },
    store::{
        Store,
        entities::{Begin, Checks, Held, Rows, snapshot},
    },
};

impl From<MysqlStore> for Db {
    fn from(store: MysqlStore) -> Self {
        Self::over(store)
    }
}

impl Statements for MysqlStore {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.0.tables.select(plan, sink))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        Box::pin(self.0.tables.count(reach, most))
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        Box::pin(self.0.tables.sum(reach, place))
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        snapshot(self)
    }

    fn estimate(&self, reach: Reach) -> Answer<'_, Option<u64>> {
        Box::pin(self.0.tables.estimate(reach))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Box::pin(self.0.tables.write(plan))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        Box::pin(batch_alone::<MySql>(self, plan, MySql::COPIES))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(upsert_alone(self, plan, sink))
    }

    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.0.tables.query(plan, sink))
    }

    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        Box::pin(self.0.tables.execute(plan))
    }

    fn slow(&self) -> Option<&SlowLog> {
        Some(&self.0.slow)
    }

    fn system(&self) -> &'static str {
        "mysql"
    }
}

impl Rows for MysqlStore {
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>> {
        Box::pin(async move { self.0.units.begin(&Rule::default(), begin).await })
    }

    fn home(&self) -> usize {
        self.0.writer.home()
    }

    fn session(&self) -> Box<dyn Statements> {
        Box::new(self.0.tables.seat(self.clone()))
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        Box::pin(async move {
            Store::migrate(self).await?;
            self.0.tables.migrate(&steps).await
        })
    }

    fn check(&self, tables: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>> {
        Box::pin(async move { self.0.tables.check(&tables).await })
    }

    fn ddl(&self, table: &'static Table) -> String {
        migrations::ddl(table)
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(Store::close(self))
    }

    fn health(&self, asked: HealthOptions) -> Option<Checks<'_>> {
        Some(Box::pin(health::<MySql>(&self.0.options, asked)))
    }

    fn pool(&self) -> Option<Pool> {
        Some(both(self.0.tables.pool(), self.0.units.pool()))
    }

    fn breaker(&self) -> Option<&Breaker> {
        self.0.options.breaker.as_ref()
    }
}

impl Entities for MySql {
    type Sql = MysqlQueryBuilder;

    async fn select(db: &mut MySqlConnection, (table, asked): Asked<'_>, sink: &mut dyn Sink) -> Result<(), Failure> {
        let mut rows = query(asked)?.fetch(db);
        while let Some(row) = rows.try_next().await.map_err(|error| failed(table, error))? {
            if asked.by_hand {
                fits(table, row.columns().iter().map(Column::name))?;
            }
            sink.row(&mut Row(&row))?;
        }
        Ok(())
    }

    async fn count(db: &mut MySqlConnection, (table, asked): Asked<'_>) -> Result<u64, Failure> {
        let rows = query(asked)?.fetch_all(db).await.map_err(|error| failed(table, error))?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    async fn sum(
        db: &mut MySqlConnection,
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

    async fn write(db: &mut MySqlConnection, (table, asked): Asked<'_>) -> Result<u64, Failure> {
        let written = query(asked)?.execute(db).await.map_err(|error| failed(table, error))?;
        Ok(written.rows_affected())
    }

    async fn estimate(db: &mut MySqlConnection, asked: Asked<'_>) -> Result<Option<u64>, Failure> {
        estimate::estimate(db, asked).await
    }

    async fn execute(db: &mut MySqlConnection, sql: String) -> Result<(), Failure> {
        Ok(db.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop)?)
    }

    async fn migrate(db: &mut MySqlConnection, _: &MysqlOptions, steps: &[Step]) -> Result<(), Failure> {
        migrations::apply(db, steps).await
    }

    async fn check_tables(
        db: &mut MySqlConnection,
        _: &MysqlOptions,
        tables: &[&'static Table],
    ) -> Result<Vec<SchemaFinding>, Failure> {
        let mut findings = Vec::new();
        for table in tables {
            findings.extend(migrations::check(table, &catalog::found(db, table).await?));
        }
        Ok(findings)
    }

    fn admits(server: Option<&Server>, statement: &Statement) -> Result<(), Error> {
        let packet = server.map_or(usize::MAX, |server| server.packet);
        too_heavy(statement, packet.saturating_sub(MARGIN))
    }
}

/// What a packet has beside the values.
const MARGIN: usize = 4_096;

/// A sum that the server cannot count.
fn beyond(column: &ColumnDef, failure: Failure) -> Failure {
    match failure {
        Failure::Own(error) if error.code() == "repository/value" => Failure::Own(overflow(column)),
        other => other,
    }
}

/// The text has names of columns and placeholders, and no value.
fn query<'q>(statement: &Statement) -> Result<Query<'q, sqlx::MySql, MySqlArguments>, Error> {
    let arguments = bind::all(&statement.params)?;
    Ok(sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments))
}
