//! Rows that are inserted. The text depends on the table and on how many rows there are, so it is written piece by piece.

use std::fmt::Write as _;

use super::{
    Dialect, Param, Statement,
    raw::{columns_of, named},
};
use crate::entity::{Table, Value};

/// Inserts rows. Where a list is one parameter, several rows are one of each column, and the text is the same for all numbers
/// of rows.
pub(super) fn insert<D: Dialect>(table: &'static Table, rows: Vec<Vec<Value<'static>>>) -> Statement {
    let sql = format!("INSERT INTO {} ({}) ", named::<D>(table), columns_of::<D>(table));
    if D::LISTS && rows.len() > 1 { lists::<D>(sql, table, rows) } else { values::<D>(sql, table, rows) }
}

/// `VALUES ($1, $2), ($3, $4)`
fn values<D: Dialect>(mut sql: String, table: &'static Table, rows: Vec<Vec<Value<'static>>>) -> Statement {
    let mut params = Vec::with_capacity(rows.len() * table.columns().len());
    sql.reserve(rows.len() * table.columns().len() * 6);
    for (number, row) in rows.into_iter().enumerate() {
        sql.push_str(if number == 0 { "VALUES (" } else { ", (" });
        placeholders::<D>(&mut sql, params.len(), row.len());
        sql.push(')');
        params.extend(table.columns().iter().zip(row).map(|(column, value)| Param::Of(column, value)));
    }
    Statement { sql, params, by_hand: false }
}

/// `SELECT * FROM unnest($1, $2)`
fn lists<D: Dialect>(mut sql: String, table: &'static Table, rows: Vec<Vec<Value<'static>>>) -> Statement {
    sql.push_str("SELECT * FROM unnest(");
    placeholders::<D>(&mut sql, 0, table.columns().len());
    sql.push(')');
    let list = |column| (column, Vec::with_capacity(rows.len()));
    let mut lists: Vec<_> = table.columns().iter().map(list).collect();
    for row in rows {
        lists.iter_mut().zip(row).for_each(|((_, list), value)| list.push(value));
    }
    let params = lists.into_iter().map(|(column, list)| Param::List(column, list)).collect();
    Statement { sql, params, by_hand: false }
}

/// So many more than there are.
fn placeholders<D: Dialect>(sql: &mut String, are: usize, more: usize) {
    let (mark, numbered) = D::default().placeholder();
    for place in 1..=more {
        sql.push_str(if place == 1 { "" } else { ", " });
        sql.push_str(mark);
        if numbered {
            let _never = write!(sql, "{}", are + place); // a text takes everything
        }
    }
}
