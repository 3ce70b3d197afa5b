//! The statements written by hand.

use bailiwick::Event as _;
use sqlx::{
    QueryBuilder, Row as _, Sqlite, SqliteConnection,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::super::accounts::{AccountEvent, Line, SPEC};

const INSERT: &str = "INSERT INTO event
    (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

const SELECT: &str = "SELECT position, version, message, name, schema, kind, time, key, metadata, payload
    FROM event WHERE tenant = ?1 AND category = ?2 AND stream = ?3 AND version > ?4 ORDER BY version";

const SELECT_FEWER: &str = "SELECT name, schema, payload
    FROM event WHERE tenant = ?1 AND category = ?2 AND stream = ?3 AND version > ?4 ORDER BY version";

type Arguments = SqliteArguments;

/// Inserts one row.
pub fn insert(line: &Line) -> Query<'_, Sqlite, Arguments> {
    bind(sqlx::query(INSERT), line)
}

fn bind<'q>(query: Query<'q, Sqlite, Arguments>, line: &'q Line) -> Query<'q, Sqlite, Arguments> {
    query
        .bind("")
        .bind("account")
        .bind(&line.stream)
        .bind(line.version)
        .bind(&line.message.as_uuid().as_bytes()[..])
        .bind(SPEC.name)
        .bind(i64::from(SPEC.version))
        .bind(0_i64)
        .bind(line.time)
        .bind(None::<&str>)
        .bind(None::<&str>)
        .bind(&line.payload[..])
}

/// The text that inserts so many rows at once.
pub fn insert_many(rows: usize) -> &'static str {
    let mut builder = QueryBuilder::<Sqlite>::new(
        "INSERT INTO event (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload) ",
    );
    builder.push_values(0..rows, |mut row, _| {
        for _column in 0..12 {
            row.push("?");
        }
    });
    builder.sql().as_str().to_owned().leak()
}

/// Inserts rows by such a text.
pub async fn insert_lines(connection: &mut SqliteConnection, text: &'static str, lines: &[Line]) -> u64 {
    let query = lines.iter().fold(sqlx::query(text), |query, line| bind(query, line));
    query.execute(connection).await.unwrap().rows_affected()
}

/// Reads the events of a stream.
pub fn select(stream: &str) -> Query<'_, Sqlite, Arguments> {
    select_after(stream, 0)
}

/// Reads those after a version.
pub fn select_after(stream: &str, version: i64) -> Query<'_, Sqlite, Arguments> {
    sqlx::query(SELECT).bind("").bind("account").bind(stream).bind(version)
}

/// Reads of them what a fold looks at.
pub fn select_fewer(stream: &str) -> Query<'_, Sqlite, Arguments> {
    sqlx::query(SELECT_FEWER).bind("").bind("account").bind(stream).bind(0_i64)
}

/// What all columns hold, as values.
struct Stored {
    name: String,
    schema: u32,
    payload: Vec<u8>,
    version: i64,
    _rest: (i64, Vec<u8>, i64, i64, Option<String>, Option<String>),
}

fn stored(row: &SqliteRow) -> Stored {
    Stored {
        version: row.get(1),
        name: row.get(3),
        schema: row.get(4),
        payload: row.get(9),
        _rest: (row.get(0), row.get(2), row.get(5), row.get(6), row.get(7), row.get(8)),
    }
}

/// The sum of all deposits, every column read.
pub fn fold(rows: &[SqliteRow]) -> u64 {
    let sum = |sum: u64, stored: Stored| {
        assert!(stored.version > 0);
        sum + cents(&stored.name, stored.schema, &stored.payload)
    };
    rows.iter().map(stored).fold(0, sum)
}

/// The sum of all deposits from the few columns.
pub fn fold_fewer(rows: &[SqliteRow]) -> u64 {
    rows.iter().map(|row| cents(row.get(0), row.get(1), row.get(2))).sum()
}

fn cents(name: &str, schema: u32, payload: &[u8]) -> u64 {
    let AccountEvent::Deposited { cents, .. } = AccountEvent::decode(name, schema, payload).unwrap();
    cents
}

/// Puts events into a table through a plain connection, in one transaction.
pub fn prepare(connection: &mut rusqlite::Connection, lines: &[Line]) {
    let transaction = connection.transaction().unwrap();
    for line in lines {
        let mut statement = transaction.prepare_cached(INSERT).unwrap();
        let (message, none) = (&line.message.as_uuid().as_bytes()[..], None::<&str>);
        let (schema, payload) = (SPEC.version, &line.payload);
        let row =
            ("", "account", &line.stream, line.version, message, SPEC.name, schema, 0, line.time, none, none, payload);
        statement.execute(row).unwrap();
    }
    transaction.commit().unwrap();
}
