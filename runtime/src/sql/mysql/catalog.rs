//! Tables as MySQL and MariaDB describe them.

use sqlx::{MySqlConnection, Row as _, mysql::MySqlRow};

use super::classify::Failure;
use crate::{
    entity::Table,
    sql::query::{Found, FoundColumn, FoundKey, flat_name},
};

/// The servers do not agree on the types of these columns: they are all asked for as bytes.
const COLUMNS: &str = "SELECT CAST(column_name AS BINARY), CAST(column_type AS BINARY), CAST(is_nullable AS BINARY),
    CAST(collation_name AS BINARY) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?";

const KEYS: &str = "SELECT CAST(index_name AS BINARY), CAST(column_name AS BINARY) FROM information_schema.statistics
    WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0 ORDER BY index_name, seq_in_index";

pub(super) async fn found(db: &mut MySqlConnection, table: &Table) -> Result<Found, Failure> {
    let name = flat_name(table);
    let mut found = Found::default();
    for row in sqlx::query(COLUMNS).bind(&name).fetch_all(&mut *db).await? {
        let nullable = text(&row, 2)?.is_some_and(|word| word.eq_ignore_ascii_case("YES"));
        let (name, of_type) = (text(&row, 0)?.unwrap_or_default(), text(&row, 1)?.unwrap_or_default());
        found.columns.push(FoundColumn { name, of_type, nullable, collation: text(&row, 3)? });
    }
    let mut last = None;
    for row in sqlx::query(KEYS).bind(&name).fetch_all(db).await? {
        let (key, column) = (text(&row, 0)?, text(&row, 1)?.unwrap_or_default());
        match found.keys.last_mut().filter(|_| last == key) {
            Some(same) => same.columns.push(column),
            None => found.keys.push(FoundKey { columns: vec![column], partial: false }),
        }
        last = key;
    }
    Ok(found)
}

fn text(row: &MySqlRow, place: usize) -> Result<Option<String>, sqlx::Error> {
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(place)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
