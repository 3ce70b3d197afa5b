//! What a repository asks, as statements. Values never stand in the text: each is a placeholder and a parameter.

mod check;
#[cfg(feature = "postgres")]
mod copy;
mod ddl;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod digits;
mod insert;
#[cfg(all(test, feature = "macros", feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod kept;
mod raw;
mod refused;
mod render;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod sums;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod weight;

pub(super) use check::{Found, FoundColumn, FoundKey, compare};
#[cfg(feature = "postgres")]
pub(super) use copy::render_copy;
#[cfg(feature = "mysql")]
pub(super) use ddl::ALIVE;
pub(super) use ddl::{Ddl, Style, create};
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) use ddl::{key_name, reference_name};
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) use digits::holds_digits;
#[cfg(feature = "postgres")]
pub(super) use raw::named;
pub(super) use raw::{fits, render_raw};
pub(super) use refused::{Refused, refused};
pub(super) use render::Dialect;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) use render::render_found;
pub(super) use render::{render_count, render_select, render_sum, render_write};
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) use sums::{sum_of_float, sum_of_text};
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) use weight::weight_of;

use crate::{
    entity::{ColumnDef, Table, Value},
    error::{Error, ErrorKind},
    plan::Write,
};

/// A statement and what is bound to its placeholders, in their order.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) params: Vec<Param>,
    /// Whether a user has written it: then its rows may have other columns than the entity.
    pub(super) by_hand: bool,
}

/// What is bound to a placeholder.
#[derive(Debug, Clone)]
pub(super) enum Param {
    /// A value of this column.
    Of(&'static ColumnDef, Value<'static>),
    /// A list of values of this column, where a database takes lists.
    List(&'static ColumnDef, Vec<Value<'static>>),
    /// A number of ours: a limit, an offset, a length.
    Number(i64),
}

impl Statement {
    /// About how many bytes are sent.
    pub(super) fn weight(&self) -> usize {
        self.sql.len() + self.params.iter().map(Param::weight).sum::<usize>()
    }
}

impl Param {
    fn weight(&self) -> usize {
        match self {
            Self::Of(_, value) => bytes(value),
            Self::List(_, values) => values.iter().map(bytes).sum(),
            Self::Number(_) => 8,
        }
    }
}

fn bytes(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 8,
    }
}

/// A value that its column cannot hold.
pub(super) fn unfit(column: &ColumnDef, why: impl ToString) -> Error {
    Error::new(ErrorKind::Invalid, "repository/value", "the column cannot hold the value; nothing was sent")
        .with("column", column.name())
        .with("reason", why.to_string())
}

/// A stored value that is not of its column's kind.
pub(super) fn unreadable(column: &ColumnDef) -> Error {
    let message = "a stored value is not of the kind of its column; mend it in the database";
    Error::new(ErrorKind::Corrupt, "repository/row", message).with("column", column.sql_name())
}

/// The table that is written.
pub(super) fn table_of(write: &Write) -> &'static Table {
    match write {
        Write::Insert { table, .. } => table,
        Write::Update { reach, .. } | Write::Delete { reach } => reach.table,
    }
}

/// How many rows a write inserts; one, where that is not known before.
pub(super) fn rows_of(write: &Write) -> usize {
    match write {
        Write::Insert { rows, .. } => rows.len(),
        Write::Update { .. } | Write::Delete { .. } => 1,
    }
}

/// An insertion of several rows as two of half as many.
pub(super) fn halves(write: &Write) -> Vec<Write> {
    let Write::Insert { table, rows } = write else { return Vec::new() };
    let (left, right) = rows.split_at(rows.len() / 2);
    [left, right].map(|rows| Write::Insert { table, rows: rows.to_vec() }).into()
}

/// Refuses a statement of more values than a database takes.
pub(super) fn within(params: &[Param], most: usize) -> Result<(), Error> {
    if params.len() <= most {
        return Ok(());
    }
    let message = "the condition has more values than a statement takes; ask in parts";
    Err(Error::new(ErrorKind::Invalid, "filter/budget", message).with("values", params.len()))
}

/// The name of a table: with its schema before it, where the database has none.
pub(super) fn flat_name(table: &Table) -> String {
    table.schema_name().map_or_else(|| table.name().to_owned(), |schema| format!("{schema}_{}", table.name()))
}
