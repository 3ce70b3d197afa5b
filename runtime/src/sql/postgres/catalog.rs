//! Tables as PostgreSQL describes them.

use sea_query::PostgresQueryBuilder;
use sqlx::{PgConnection, Row as _};

use super::classify::Failure;
use crate::{
    entity::Table,
    sql::query::{Found, FoundColumn, FoundKey, named},
};

/// The collation of the database has no name of its own in a column.
const COLUMNS: &str = "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
    CASE c.collname WHEN 'default' THEN d.datcollate::text ELSE c.collname::text END
    FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
    JOIN pg_database d ON d.datname = current_database()
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped";

/// Not those of expressions: they are nobody's columns.
const KEYS: &str = "SELECT i.indpred IS NOT NULL, (SELECT string_agg(a.attname::text, ',' ORDER BY k.place)
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts)
    FROM pg_index i WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indexprs IS NULL";

pub(super) async fn found(db: &mut PgConnection, table: &Table) -> Result<Found, Failure> {
    let name = named::<PostgresQueryBuilder>(table);
    let mut found = Found::default();
    for row in sqlx::query(COLUMNS).bind(&name).fetch_all(&mut *db).await? {
        let (name, of_type) = (row.try_get(0)?, row.try_get(1)?);
        found.columns.push(FoundColumn { name, of_type, nullable: row.try_get(2)?, collation: row.try_get(3)? });
    }
    for row in sqlx::query(KEYS).bind(&name).fetch_all(db).await? {
        let columns = row.try_get::<String, _>(1)?.split(',').map(str::to_owned).collect();
        found.keys.push(FoundKey { columns, partial: row.try_get(0)? });
    }
    Ok(found)
}
