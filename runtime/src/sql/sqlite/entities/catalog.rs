//! Tables as SQLite describes them.

use rusqlite::{Connection, OptionalExtension as _};

use crate::{
    entity::Table,
    sql::query::{Found, FoundColumn, FoundKey, flat_name},
};

const COLUMNS: &str = "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)";
const KEYS: &str = "SELECT name, partial FROM pragma_index_list(?1) WHERE \"unique\"";
const KEY: &str = "SELECT name FROM pragma_index_info(?1) WHERE name IS NOT NULL ORDER BY seqno";
const TEXT: &str = "SELECT sql FROM sqlite_schema WHERE name = ?1 AND type = 'table'";

pub(super) fn found(db: &Connection, table: &Table) -> rusqlite::Result<Found> {
    let name = flat_name(table);
    let text: Option<Option<String>> = db.query_row(TEXT, [&name], |row| row.get(0)).optional()?;
    let text = text.flatten().unwrap_or_default();
    let (mut columns, mut primary) = (Vec::new(), Vec::new());
    let mut statement = db.prepare(COLUMNS)?;
    let mut rows = statement.query([&name])?;
    while let Some(row) = rows.next()? {
        let (name, of_type): (String, String) = (row.get(0)?, row.get(1)?);
        let (filled, place): (bool, i64) = (row.get(2)?, row.get(3)?);
        if place > 0 {
            primary.push((place, name.clone()));
        }
        let is_number = place > 0 && of_type.eq_ignore_ascii_case("INTEGER"); // of the row, which each has
        let collation = collation(&text, &name);
        columns.push(FoundColumn { name, of_type, nullable: !(filled || is_number), collation });
    }
    primary.sort();
    let primary = primary.into_iter().map(|(_, name)| name).collect();
    Ok(Found { columns, keys: keys(db, &name, primary)? })
}

fn keys(db: &Connection, table: &str, primary: Vec<String>) -> rusqlite::Result<Vec<FoundKey>> {
    let mut keys = Vec::new();
    if !primary.is_empty() {
        keys.push(FoundKey { columns: primary, partial: false });
    }
    let mut statement = db.prepare(KEYS)?;
    let mut rows = statement.query([table])?;
    while let Some(row) = rows.next()? {
        let (index, partial): (String, bool) = (row.get(0)?, row.get(1)?);
        let columns = db.prepare(KEY)?.query_map([index], |row| row.get(0))?.collect::<Result<Vec<_>, _>>()?;
        if !keys.iter().any(|key| key.columns == columns && !key.partial) {
            keys.push(FoundKey { columns, partial });
        }
    }
    Ok(keys)
}

/// The collation that the text of a table gives a column.
fn collation(text: &str, column: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let (at, _) = upper.match_indices("COLLATE ").find(|(at, _)| {
        let before = &text[..*at];
        let part = before.rsplit([',', '(']).next().unwrap_or_default();
        let named = part.split_whitespace().next().unwrap_or_default();
        named.trim_matches(['"', '`', '[', ']']) == column
    })?;
    let word = text[at + "COLLATE ".len()..].split(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
    Some(word.to_owned())
}
