//! The user's steps, each once and in its order.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use xxhash_rust::xxh3::xxh3_128;

use super::super::{classify::classify, connection::Session};
use crate::{
    clock::Clock,
    entity::{ColumnDef, Kind, Table},
    error::{Error, ErrorKind},
    plan::{SchemaFinding, Step, What},
    sql::query::{Ddl, Style, compare, create},
};

/// How SQLite writes tables.
struct Sqlite;

impl Ddl for Sqlite {
    const STYLE: Style = Style { quote: '"', schemas: false, whole: false, backslash: false, tail: " STRICT" };

    fn column_type(column: &ColumnDef) -> String {
        match column.kind() {
            // The digits are part of the step: with others the same numbers would mean something else.
            Kind::Decimal => match column.digits() {
                Some((all, after)) => return format!("INTEGER /* decimal({all}, {after}) */"),
                None => "INTEGER",
            },
            Kind::Bool | Kind::Int | Kind::Time => "INTEGER",
            Kind::Float => "REAL",
            Kind::Bytes | Kind::Uuid => "BLOB",
            _ => "TEXT",
        }
        .into()
    }

    const DIGITS: Option<u32> = Some(18);

    /// By the rules of affinity, which tables have that are not strict.
    fn holds(column: &ColumnDef, found: &str) -> bool {
        let found = found.to_ascii_uppercase();
        let says = |words: &[&str]| words.iter().any(|word| found.contains(word));
        match column.kind() {
            Kind::Bool | Kind::Int | Kind::Time | Kind::Decimal => says(&["INT"]),
            Kind::Float => !says(&["INT"]) && says(&["REAL", "FLOA", "DOUB"]),
            Kind::Bytes | Kind::Uuid => found.is_empty() || says(&["BLOB"]),
            _ => !says(&["INT"]) && says(&["CHAR", "CLOB", "TEXT"]),
        }
    }

    fn collates(collation: Option<&str>) -> bool {
        collation.is_none_or(|collation| collation.eq_ignore_ascii_case("BINARY"))
    }
}

/// What is wrong with the table.
pub(super) fn check(connection: &Connection, table: &'static Table) -> rusqlite::Result<Vec<SchemaFinding>> {
    Ok(compare::<Sqlite>(table, &super::catalog::found(connection, table)?))
}

/// The statements that make a table.
pub(super) fn ddl(table: &'static Table) -> String {
    create::<Sqlite>(table).join(";\n")
}

/// Applies what has not been applied, all of it or nothing.
pub(super) fn apply(session: &mut Session, steps: &[Step]) -> Result<(), Error> {
    let path = session.options.path.clone();
    let connection = session.ready()?;
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| classify(&path, error))?;
    let ledger = "CREATE TABLE IF NOT EXISTS bw_migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
    transaction.execute_batch(ledger).map_err(|error| classify(&path, error))?;
    for step in steps {
        apply_step(&transaction, step)?;
    }
    transaction.commit().map_err(|error| classify(&path, error))
}

fn apply_step(connection: &Connection, step: &Step) -> Result<(), Error> {
    let sql = match &step.what {
        What::Table(table) => {
            keepable(step, table)?;
            ddl(table)
        }
        What::Sql(sql) => sql.clone(),
    };
    let checksum = format!("{:032x}", xxh3_128(sql.as_bytes()));
    let known = connection
        .query_row("SELECT checksum FROM bw_migration WHERE name = ?1", [&step.name], |row| row.get::<_, String>(0))
        .optional()
        .map_err(|error| failed(step, error))?;
    match known {
        Some(known) if known == checksum => return Ok(()),
        Some(_) => return Err(changed(step)),
        None => connection.execute_batch(&sql).map_err(|error| failed(step, error))?,
    }
    if connection.is_autocommit() {
        let message =
            "a step of the migration ended the transaction that all steps share; write it without BEGIN and COMMIT";
        return Err(Error::new(ErrorKind::Config, "db/schema", message).with("step", &step.name));
    }
    let insert = "INSERT INTO bw_migration (name, checksum, applied_at) VALUES (?1, ?2, ?3)";
    let row = (&step.name, checksum, Clock::system().now().as_micros());
    connection.execute(insert, row).map(drop).map_err(|error| failed(step, error))
}

/// SQLite has whole numbers of 64 bits and no decimals.
fn keepable(step: &Step, table: &Table) -> Result<(), Error> {
    let wide = |column: &&ColumnDef| column.digits().is_some_and(|(all, _)| all > 18);
    let Some(column) = table.columns().iter().find(wide) else { return Ok(()) };
    let message = "SQLite keeps decimal numbers of up to 18 digits; give the column fewer, or take another database";
    let error = Error::new(ErrorKind::Config, "db/schema", message).with("step", &step.name);
    Err(error.with("table", table.name()).with("column", column.sql_name()))
}

fn failed(step: &Step, error: rusqlite::Error) -> Error {
    let message = "a step of the migration failed and nothing of it was applied; mend it and migrate again";
    Error::new(ErrorKind::Config, "db/schema", message).with("step", &step.name).caused_by(error)
}

fn changed(step: &Step) -> Error {
    let message = "a step that has been applied is no longer the same; leave it as it was (that of an entity as the text of `Db::ddl`), and write what changes as a further step";
    Error::new(ErrorKind::Config, "db/schema", message).with("step", &step.name)
}
