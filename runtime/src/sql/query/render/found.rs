//! Rows that are found and not read: what a server is asked its opinion of.

use super::{Conditions, Dialect, Statement, from};
use crate::plan::Reach;

/// Finds rows.
pub(in crate::sql) fn render_found<D: Dialect>(reach: &Reach) -> Statement {
    let mut conditions = Conditions::<D>::new(reach.table);
    let mut select = from(&mut conditions, reach);
    select.expr(conditions.constant(1));
    conditions.statement(&select)
}
