//! Rows as a stream of data.

use super::{
    Dialect,
    raw::{columns_of, named},
};
use crate::entity::Table;

/// What takes them.
pub(in crate::sql) fn render_copy<D: Dialect>(table: &Table) -> String {
    format!("COPY {} ({}) FROM STDIN", named::<D>(table), columns_of::<D>(table))
}
