//! A condition as a person would write it.

use std::fmt;

use super::{Node, Test};
use crate::entity::{ColumnDef, Table, Value};

/// So many values of a list are shown.
const SHOWN: usize = 5;

pub(super) struct Shown<'a> {
    pub(super) table: &'static Table,
    pub(super) node: &'a Node,
    /// Whether it is a part of a connective.
    pub(super) inside: bool,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.node {
            Node::All(parts) => self.connective(f, parts, ("TRUE", " AND ")),
            Node::Any(parts) => self.connective(f, parts, ("FALSE", " OR ")),
            Node::Not(inner) => write!(f, "NOT {}", Shown { table: self.table, node: inner, inside: true }),
            Node::Cmp { place, test, value } => {
                let column = self.column(*place);
                write!(f, "{} {} {}", name(column), word(*test), Seen { column, value })
            }
            Node::In { place, values } => self.list(f, self.column(*place), values),
            Node::IsNull { place } => write!(f, "{} IS NULL", name(self.column(*place))),
        }
    }
}

impl Shown<'_> {
    fn connective(&self, f: &mut fmt::Formatter<'_>, parts: &[Node], (empty, word): (&str, &str)) -> fmt::Result {
        if parts.is_empty() {
            return f.write_str(empty);
        }
        let (open, close) = if self.inside && parts.len() > 1 { ("(", ")") } else { ("", "") };
        f.write_str(open)?;
        for (index, node) in parts.iter().enumerate() {
            let gap = if index == 0 { "" } else { word };
            let inside = self.inside || parts.len() > 1;
            write!(f, "{gap}{}", Shown { table: self.table, node, inside })?;
        }
        f.write_str(close)
    }

    fn list(&self, f: &mut fmt::Formatter<'_>, column: Option<&ColumnDef>, values: &[Value<'static>]) -> fmt::Result {
        write!(f, "{} IN (", name(column))?;
        for (index, value) in values.iter().take(SHOWN).enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { ", " }, Seen { column, value })?;
        }
        if values.len() > SHOWN {
            write!(f, ", … {} values", values.len())?;
        }
        f.write_str(")")
    }

    fn column(&self, place: usize) -> Option<&'static ColumnDef> {
        self.table.columns().get(place)
    }
}

fn name(column: Option<&ColumnDef>) -> &'static str {
    column.map_or("?", ColumnDef::name)
}

fn word(test: Test) -> &'static str {
    match test {
        Test::Eq => "=",
        Test::Ne => "<>",
        Test::Lt => "<",
        Test::Le => "<=",
        Test::Gt => ">",
        Test::Ge => ">=",
        Test::Same => "IS",
        Test::StartsWith => "STARTS WITH",
        Test::Contains => "CONTAINS",
        Test::EndsWith => "ENDS WITH",
        Test::ContainsCi => "CONTAINS IN ANY CASE",
    }
}

struct Seen<'a> {
    column: Option<&'a ColumnDef>,
    value: &'a Value<'static>,
}

impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.column.is_some_and(ColumnDef::is_sensitive) { f.write_str("•••") } else { self.value.fmt(f) }
    }
}
