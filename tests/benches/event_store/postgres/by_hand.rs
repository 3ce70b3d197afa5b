//! The statements written by hand.

use bailiwick::{Event as _, Uuid};
use sqlx::{
    PgConnection, Postgres, Row as _,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use super::super::accounts::{AccountEvent, Line, SPEC};

const INSERT: &str = "INSERT INTO event
    (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const INSERT_MANY: &str = "INSERT INTO event
    (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload)
    SELECT '', 'account', * FROM unnest($1::text[], $2::int8[], $3::uuid[], $4::text[], $5::int8[], $6::int2[], $7::int8[],
        $8::text[], $9::text[], $10::bytea[])";

const SELECT: &str = "SELECT position, version, message, name, schema, kind, time, key, metadata, payload
    FROM event WHERE tenant = $1 AND category = $2 AND stream = $3 AND version > $4 ORDER BY version";

/// Inserts one row.
pub fn insert(line: &Line) -> Query<'_, Postgres, PgArguments> {
    sqlx::query(INSERT)
        .bind("")
        .bind("account")
        .bind(&line.stream)
        .bind(line.version)
        .bind(*line.message.as_uuid())
        .bind(SPEC.name)
        .bind(i64::from(SPEC.version))
        .bind(0_i16)
        .bind(line.time)
        .bind(None::<&str>)
        .bind(None::<&str>)
        .bind(&line.payload[..])
}

/// Inserts rows with one statement.
pub async fn insert_many(connection: &mut PgConnection, lines: &[Line]) -> u64 {
    fn column<'a, T>(lines: &'a [Line], get: impl Fn(&'a Line) -> T) -> Vec<T> {
        lines.iter().map(get).collect()
    }
    let query = sqlx::query(INSERT_MANY)
        .bind(column(lines, |line| line.stream.as_str()))
        .bind(column(lines, |line| line.version))
        .bind(column(lines, |line| *line.message.as_uuid()) as Vec<Uuid>)
        .bind(column(lines, |_| SPEC.name))
        .bind(column(lines, |_| i64::from(SPEC.version)))
        .bind(column(lines, |_| 0_i16))
        .bind(column(lines, |line| line.time))
        .bind(column(lines, |_| None::<&str>))
        .bind(column(lines, |_| None::<&str>))
        .bind(column(lines, |line| &line.payload[..]));
    query.execute(connection).await.unwrap().rows_affected()
}

/// Reads the events of a stream.
pub fn select(stream: &str) -> Query<'_, Postgres, PgArguments> {
    select_after(stream, 0)
}

/// Reads those after a version.
pub fn select_after(stream: &str, version: i64) -> Query<'_, Postgres, PgArguments> {
    sqlx::query(SELECT).bind("").bind("account").bind(stream).bind(version)
}

/// The sum of all deposits, every column read.
pub fn fold(rows: &[PgRow]) -> u64 {
    rows.iter().map(cents).sum()
}

fn cents(row: &PgRow) -> u64 {
    let _rest: (i64, Uuid, i16, i64, Option<&str>, Option<&str>) =
        (row.get(0), row.get(2), row.get(5), row.get(6), row.get(7), row.get(8));
    assert!(row.get::<i64, _>(1) > 0);
    let schema = u32::try_from(row.get::<i64, _>(4)).unwrap();
    let AccountEvent::Deposited { cents, .. } = AccountEvent::decode(row.get(3), schema, row.get(9)).unwrap();
    cents
}
