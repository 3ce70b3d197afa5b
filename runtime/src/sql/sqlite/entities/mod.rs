//! Rows of entities in an SQLite file.

mod batch;
mod bind;
mod catalog;
mod migrations;

use rusqlite::{Connection, params_from_iter};
use sea_query::SqliteQueryBuilder as Sqlite;

pub(super) use self::batch::{Batched, Upserted};
use self::bind::Row;
use super::{classify::Failure, migrate::migrate, store::SqliteStore};
use crate::{
    entity::{Kind, Table, Value},
    error::Error,
    plan::{
        Answer, Batch, Reach, SchemaFinding, Select, Sink, SlowLog, Snapshot, Statements, Step, Upsert, Write,
        raw::Raw,
        refusal::{duplicate, spent},
    },
    repository::Db,
    sql::query::{
        Refused, Statement, fits, refused, render_count, render_raw, render_select, render_sum, render_write, table_of,
    },
    store::{
        Store,
        entities::{Begin, Held, Rows, snapshot},
    },
};

impl From<SqliteStore> for Db {
    fn from(store: SqliteStore) -> Self {
        Self::over(store)
    }
}

impl Statements for SqliteStore {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let statement = Selected::new(&plan);
        Box::pin(self.0.readers.run(move |db| statement.run(db, sink)))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        let statement = Counted::new(&reach, most);
        Box::pin(self.0.readers.run(move |db| statement.run(db)))
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        let statement = Summed::new(&reach, place);
        Box::pin(self.0.readers.run(move |db| statement.run(db)))
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        snapshot(self)
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        let statement = Written::new(plan);
        Box::pin(self.0.writer.write(statement.weight, move |db| statement.run(db)))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        let statements = Batched::new(plan);
        Box::pin(self.0.writer.write(statements.weight(), move |db| statements.run(db)))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let statements = Upserted::new(plan);
        Box::pin(self.0.writer.write(statements.weight(), move |db| statements.run(db, sink)))
    }

    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let statement = Selected::by_hand(&plan);
        Box::pin(self.0.readers.run(move |db| statement.run(db, sink)))
    }

    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        let statement = Written::by_hand(&plan);
        Box::pin(self.0.writer.write(statement.weight, move |db| statement.run(db)))
    }

    fn slow(&self) -> Option<&SlowLog> {
        Some(&self.0.slow)
    }

    fn system(&self) -> &'static str {
        "sqlite"
    }
}

impl Rows for SqliteStore {
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>> {
        Box::pin(async move {
            let held: Box<dyn Held> = Box::new(self.0.hold(begin).await?);
            Ok(held)
        })
    }

    fn home(&self) -> usize {
        self.0.writer.home()
    }

    fn session(&self) -> Box<dyn Statements> {
        Box::new(self.clone()) // its connections wait on threads, and are taken by nobody
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        Box::pin(self.0.writer.alone(move |session| {
            migrate(session)?;
            migrations::apply(session, &steps)
        }))
    }

    fn check(&self, tables: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>> {
        Box::pin(self.0.readers.run(move |db| {
            let checked = tables.iter().map(|table| migrations::check(db, table)).collect::<Result<Vec<_>, _>>();
            Ok(checked?.concat())
        }))
    }

    fn ddl(&self, table: &'static Table) -> String {
        migrations::ddl(table)
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(Store::close(self))
    }
}

/// A read of rows, rendered.
pub(super) struct Selected(&'static Table, Statement);

impl Selected {
    pub(super) fn new(plan: &Select) -> Self {
        Self(plan.reach.table, render_select::<Sqlite>(plan))
    }

    pub(super) fn by_hand(plan: &Raw) -> Self {
        Self(plan.table, render_raw::<Sqlite>(plan))
    }

    pub(super) fn run(&self, db: &Connection, mut sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Failure> {
        let Self(table, statement) = self;
        let params = bind::all(&statement.params)?;
        let failed = |error| failed(table, error);
        let mut prepared = db.prepare_cached(&statement.sql).map_err(failed)?;
        if statement.by_hand {
            fits(table, prepared.column_names().into_iter())?;
        }
        let mut rows = prepared.query(params_from_iter(params)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            sink.row(&mut Row(row))?;
        }
        Ok(sink)
    }
}

/// A count of rows, rendered.
pub(super) struct Counted(&'static Table, Statement);

impl Counted {
    pub(super) fn new(reach: &Reach, most: u64) -> Self {
        Self(reach.table, render_count::<Sqlite>(reach, most))
    }

    pub(super) fn run(&self, db: &Connection) -> Result<u64, Failure> {
        let Self(table, statement) = self;
        let params = bind::all(&statement.params)?;
        let counted = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let mut prepared = db.prepare_cached(&statement.sql).map_err(|error| failed(table, error))?;
        let counted = prepared.query_row(params_from_iter(params), counted).map_err(|error| failed(table, error))?;
        Ok(counted.unsigned_abs())
    }
}

/// A sum, rendered.
pub(super) struct Summed(&'static Table, Statement, usize);

impl Summed {
    pub(super) fn new(reach: &Reach, place: usize) -> Self {
        Self(reach.table, render_sum::<Sqlite>(reach, place), place)
    }

    pub(super) fn run(&self, db: &Connection) -> Result<Value<'static>, Failure> {
        let Self(table, statement, place) = self;
        let params = bind::all(&statement.params)?;
        let Some(column) = table.columns().get(*place) else { return Ok(Value::Null(Kind::Int)) };
        let mut prepared = db.prepare_cached(&statement.sql).map_err(|error| failed(table, error))?;
        let mut rows = prepared.query(params_from_iter(params)).map_err(|error| failed(table, error))?;
        let row = rows.next().map_err(|error| failed(table, error))?;
        Ok(row.map_or(Ok(Value::Null(column.kind())), |row| bind::sum(row, column))?)
    }
}

/// A write, rendered.
pub(super) struct Written {
    table: &'static Table,
    statement: Statement,
    /// About how many bytes it writes.
    weight: usize,
}

impl Written {
    pub(super) fn new(plan: Write) -> Self {
        let table = table_of(&plan);
        let statement = render_write::<Sqlite>(plan);
        let weight = statement.weight();
        Self { table, statement, weight }
    }

    pub(super) fn by_hand(plan: &Raw) -> Self {
        let statement = render_raw::<Sqlite>(plan);
        let weight = statement.weight();
        Self { table: plan.table, statement, weight }
    }

    pub(super) fn run(&self, db: &Connection) -> Result<u64, Failure> {
        let Self { table, statement, .. } = self;
        let params = bind::all(&statement.params)?;
        let mut prepared = db.prepare_cached(&statement.sql).map_err(|error| failed(table, error))?;
        if prepared.column_count() > 0 {
            return answered(prepared.query(params_from_iter(params))).map_err(|error| failed(table, error));
        }
        let written = prepared.execute(params_from_iter(params));
        written.map(|rows| rows as u64).map_err(|error| failed(table, error))
    }
}

/// Carries out a statement that answers rows, to its end: how many it answers.
fn answered(rows: rusqlite::Result<rusqlite::Rows<'_>>) -> rusqlite::Result<u64> {
    let (mut rows, mut answered) = (rows?, 0);
    while rows.next()?.is_some() {
        answered += 1;
    }
    Ok(answered)
}

/// What an error of a statement means for the entity. What SQLite says of the statement itself is its own failure: it was
/// undone, and those who share the transaction go on.
fn failed(table: &'static Table, error: rusqlite::Error) -> Failure {
    let text = error.to_string();
    if text.contains("no such table: bw_") {
        return Failure::Sql(error);
    }
    if let Some((_, columns)) = text.split_once("UNIQUE constraint failed: ") {
        let names = columns.split(", ").filter_map(|name| name.rsplit('.').next());
        let place = |name: &str| table.columns().iter().position(|column| column.sql_name() == name);
        return Failure::Own(duplicate(table, &names.filter_map(place).collect::<Vec<_>>()));
    }
    if text.contains("cannot store REAL value in INTEGER column") {
        return Failure::Own(spent(table).caused_by(error)); // one more than the last whole number
    }
    let known = MEANINGS.iter().find(|(part, _)| text.contains(part));
    let Some((_, why)) = known else { return Failure::of_statement(error) };
    Failure::Own(refused(table, *why).caused_by(error))
}

/// A part of SQLite's message, and what it means.
const MEANINGS: &[(&str, Refused)] = &[
    ("no such table", Refused::NoTable),
    ("no such column", Refused::OtherColumns),
    ("has no column named", Refused::OtherColumns),
    ("FOREIGN KEY constraint failed", Refused::ForeignKey),
    ("CHECK constraint failed", Refused::Check),
    ("NOT NULL constraint failed", Refused::NotNull),
];
