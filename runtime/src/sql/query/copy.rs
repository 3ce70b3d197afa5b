//! Rows as a stream of data.

use super::{
    Dialect,
    raw::{named, quoted},
};
use crate::entity::Table;

/// What takes them.
pub(in crate::sql) fn render_copy<D: Dialect>(table: &Table) -> String {
    let columns: Vec<String> = table.columns().iter().map(|column| quoted::<D>(column.sql_name())).collect();
    format!("COPY {} ({}) FROM STDIN", named::<D>(table), columns.join(", "))
}
