//! What a repository asks, as statements. Values never stand in the text: each is a placeholder and a parameter.

mod ddl;
mod render;

pub(super) use ddl::{Ddl, create};
pub(super) use render::{render_count, render_select, render_write};

use crate::entity::{ColumnDef, Table, Value};

/// A statement and what is bound to its placeholders, in their order.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) params: Vec<Param>,
}

/// What is bound to a placeholder.
#[derive(Debug, Clone)]
pub(super) enum Param {
    /// A value of this column.
    Of(&'static ColumnDef, Value<'static>),
    /// A number of ours: a limit, an offset, a length.
    Number(i64),
}

/// The name of a table: with its schema before it, where the database has none.
fn flat_name(table: &Table) -> String {
    table.schema_name().map_or_else(|| table.name().to_owned(), |schema| format!("{schema}_{}", table.name()))
}
