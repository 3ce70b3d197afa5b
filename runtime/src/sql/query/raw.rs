//! Statements of users: names are written out, and values are bound.

use super::{Dialect, Param, Statement, flat_name};
use crate::{
    entity::{ColumnDef, Table},
    error::{Error, ErrorKind},
    plan::raw::{Flavour, Piece, Raw, next},
};

/// The statement in the words of this database.
pub(in crate::sql) fn render_raw<D: Dialect>(raw: &Raw) -> Statement {
    let (text, flavour) = raw.texts.of(D::FLAVOUR);
    let (mut written, mut at) = (Written::<D>::new(raw), 0);
    while let Ok((piece, end)) = next(text.as_bytes(), at, flavour) {
        let own = text.get(at..end).unwrap_or_default();
        at = end;
        match piece {
            Piece::End => break,
            Piece::Text | Piece::Word => written.sql.push_str(own),
            Piece::Param => written.param(own.trim_start_matches(':')),
            Piece::Columns => written.columns(None),
            Piece::ColumnsOf => written.columns(own.trim_matches(['{', '}']).split('.').next()),
            Piece::Table => written.sql.push_str(&named::<D>(raw.table)),
        }
    }
    Statement { sql: written.sql, params: written.params, by_hand: true }
}

struct Written<'r, D> {
    raw: &'r Raw,
    sql: String,
    params: Vec<Param>,
    /// The names of the parameters, and where their first values are.
    names: Vec<(&'static str, usize)>,
    dialect: D,
}

impl<'r, D: Dialect> Written<'r, D> {
    fn new(raw: &'r Raw) -> Self {
        Self { raw, sql: String::with_capacity(256), params: Vec::new(), names: Vec::new(), dialect: D::default() }
    }

    /// A placeholder for each value; where placeholders have numbers, a parameter that stands there twice has the same.
    fn param(&mut self, name: &str) {
        let (mark, numbered) = self.dialect.placeholder();
        // Each has a value: one that is missing makes the count wrong, which every driver refuses.
        let Some(bound) = self.raw.bound.iter().find(|bound| bound.name == name) else {
            return self.sql.push_str(mark);
        };
        let count = if bound.list { bound.values.len().next_power_of_two() } else { 1 };
        let known = self.names.iter().find(|(known, _)| *known == name).map(|(_, first)| *first).filter(|_| numbered);
        let first = known.unwrap_or_else(|| {
            let first = self.params.len();
            // Filled up with its last value, so that lists of many lengths are statements of few.
            let values = bound.values.iter().chain(bound.values.last().into_iter().cycle()).take(count);
            self.params.extend(values.map(|value| Param::Of(bound.column, value.clone())));
            self.names.push((bound.name, first));
            first
        });
        for place in first..first + count {
            self.sql.push_str(if place > first { ", " } else { "" });
            self.sql.push_str(mark);
            if numbered {
                self.sql.push_str(&(place + 1).to_string());
            }
        }
    }

    fn columns(&mut self, of: Option<&str>) {
        let before = of.map(|name| format!("{name}.")).unwrap_or_default();
        let name = |column: &ColumnDef| format!("{before}{}", quoted::<D>(column.sql_name()));
        let names: Vec<String> = self.raw.table.columns().iter().map(name).collect();
        self.sql.push_str(&names.join(", "));
    }
}

/// The name of the table, as it is written.
pub(in crate::sql) fn named<D: Dialect>(table: &Table) -> String {
    match table.schema_name().filter(|_| D::SCHEMAS) {
        Some(schema) => format!("{}.{}", quoted::<D>(schema), quoted::<D>(table.name())),
        None => quoted::<D>(&if D::SCHEMAS { table.name().to_owned() } else { flat_name(table) }),
    }
}

/// The names of its columns, as they are written.
pub(super) fn columns_of<D: Dialect>(table: &Table) -> String {
    let names: Vec<String> = table.columns().iter().map(|column| quoted::<D>(column.sql_name())).collect();
    names.join(", ")
}

fn quoted<D: Dialect>(name: &str) -> String {
    let quote = if D::FLAVOUR == Flavour::Mysql { '`' } else { '"' };
    format!("{quote}{name}{quote}")
}

/// Refuses rows that have not the columns of the entity: they are read by their places, and one kind of value may be of two
/// columns.
pub(in crate::sql) fn fits<'n>(table: &Table, names: impl Iterator<Item = &'n str>) -> Result<(), Error> {
    let names: Vec<&str> = names.collect();
    let wanted: Vec<&str> = table.columns().iter().map(ColumnDef::sql_name).collect();
    if names == wanted {
        return Ok(());
    }
    let message = "the rows of the statement are not those of the entity: select `{columns}`, or columns of the same names in \
                   the same order";
    let error = Error::new(ErrorKind::Corrupt, "repository/row", message).with("entity", table.entity());
    Err(error.with("selected", names.join(", ")).with("wanted", wanted.join(", ")))
}
