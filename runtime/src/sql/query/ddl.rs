//! Tables and keys of entities as statements.

use xxhash_rust::xxh3::xxh3_64;

use super::{check::FoundKey, flat_name};
use crate::{
    entity::{ColumnDef, Index, Key, Role, Table},
    plan::{Reference, primary, references},
};

/// How a database writes tables.
pub(in crate::sql) trait Ddl {
    /// What is the same for all tables.
    const STYLE: Style;

    /// A decimal number has no more digits, if there is a limit.
    const DIGITS: Option<u32> = None;

    /// The type of the column.
    fn column_type(column: &ColumnDef) -> String;

    /// Whether a column of this type, as the database writes it, holds all values of the column.
    fn holds(column: &ColumnDef, found: &str) -> bool;

    /// Whether texts with this collation are compared by their bytes.
    fn collates(collation: Option<&str>) -> bool;

    /// Whether a key is the one with these columns.
    fn is_key(key: &FoundKey, columns: &[&str]) -> bool {
        key.columns == columns
    }

    /// Whether such a key has the living rows alone.
    fn is_partial(key: &FoundKey) -> bool {
        key.partial
    }

    /// What makes a column nullable, or not, as it is declared.
    fn nullable(_: &Table, _: &ColumnDef) -> Option<String> {
        None
    }

    /// What gives a column the collation of bytes.
    fn collated(_: &Table, _: &ColumnDef) -> Option<String> {
        None
    }
}

/// What adds a column.
pub(super) fn add_column<D: Ddl>(table: &Table, column: &ColumnDef) -> String {
    format!("ALTER TABLE {} ADD COLUMN {}", D::STYLE.place(table), definition::<D>(column))
}

/// What adds a unique key; nothing, where that takes more than a statement.
pub(super) fn add_key<D: Ddl>(table: &Table, number: usize) -> Option<String> {
    let (style, key) = (D::STYLE, table.unique().get(number)?);
    if !style.whole {
        return Some(style.key(table, (number, key)));
    }
    let plain = deleted(table).is_none();
    plain.then(|| format!("ALTER TABLE {} ADD {}", style.place(table), style.inner_key(table, (number, key))))
}

/// What is the same for all tables of a database.
pub(in crate::sql) struct Style {
    /// Stands on both sides of a name.
    pub(in crate::sql) quote: char,
    /// Whether tables lie in schemas.
    pub(in crate::sql) schemas: bool,
    /// Whether keys and indexes are made with the table, in one statement. A key of living rows then ends with a column
    /// that is null for the others, because an index has all rows.
    pub(in crate::sql) whole: bool,
    /// Whether a backslash in a text stands for something else.
    pub(in crate::sql) backslash: bool,
    /// What stands behind the columns.
    pub(in crate::sql) tail: &'static str,
}

/// No name is longer, on any database.
const LONGEST: usize = 63;

/// The statements that make the table of an entity, its keys and its indexes.
pub(in crate::sql) fn create<D: Ddl>(table: &'static Table) -> Vec<String> {
    let style = D::STYLE;
    let name = style.place(table);
    let mut parts: Vec<String> = table.columns().iter().map(definition::<D>).collect();
    let keys = table.unique().iter().enumerate();
    let indexes = table.indexed().iter().enumerate();
    let mut statements = Vec::new();
    if style.whole {
        parts.extend(style.alive(table));
        parts.push(style.primary(table));
        parts.extend(keys.map(|key| style.inner_key(table, key)));
        parts.extend(indexes.map(|(number, index)| format!("KEY {}", style.ordered(table, (number, index), ""))));
    } else {
        parts.push(style.primary(table));
        statements.extend(keys.map(|key| style.key(table, key)));
        let on = format!(" ON {name}");
        statements.extend(
            indexes.map(|(number, index)| format!("CREATE INDEX {}", style.ordered(table, (number, index), &on))),
        );
    }
    let (before, foreign) = style.references(table);
    parts.extend(foreign);
    statements.insert(0, format!("CREATE TABLE {name} (\n    {}\n){}", parts.join(",\n    "), style.tail));
    let schema = table.schema_name().filter(|_| style.schemas);
    let schema = schema.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {}", style.quoted(schema)));
    before.into_iter().chain(schema).chain(statements).collect()
}

fn definition<D: Ddl>(column: &ColumnDef) -> String {
    let name = D::STYLE.quoted(column.sql_name());
    let null = if column.is_nullable() { "" } else { " NOT NULL" };
    let texts = column.texts();
    let check = if texts.is_empty() {
        String::new()
    } else {
        let quoted: Vec<String> = texts.iter().map(|text| D::STYLE.text(text)).collect();
        format!(" CHECK ({name} IN ({}))", quoted.join(", "))
    };
    format!("{name} {}{null}{check}", D::column_type(column))
}

impl Style {
    pub(in crate::sql) fn quoted(&self, name: &str) -> String {
        format!("{0}{name}{0}", self.quote)
    }

    fn text(&self, text: &str) -> String {
        let text = if self.backslash { text.replace('\\', "\\\\") } else { text.to_owned() };
        format!("'{}'", text.replace('\'', "''"))
    }

    /// The name of the table, as it is written.
    pub(in crate::sql) fn place(&self, table: &Table) -> String {
        match table.schema_name().filter(|_| self.schemas) {
            Some(schema) => format!("{}.{}", self.quoted(schema), self.quoted(table.name())),
            None => self.quoted(&flat_name(table)),
        }
    }

    fn names(&self, table: &Table, places: &[usize]) -> String {
        let names: Vec<String> = places.iter().map(|place| self.quoted(table.columns()[*place].sql_name())).collect();
        names.join(", ")
    }

    fn primary(&self, table: &Table) -> String {
        format!("PRIMARY KEY ({})", self.names(table, &primary(table)))
    }

    /// A key of the living rows, as an index of them alone.
    fn key(&self, table: &Table, (number, key): (usize, &Key)) -> String {
        let alive = deleted(table).map(|column| format!(" WHERE {} IS NULL", self.quoted(column)));
        let (name, columns) = (self.quoted(&key_name(table, number)), self.names(table, key.columns));
        format!("CREATE UNIQUE INDEX {name} ON {} ({columns}){}", self.place(table), alive.unwrap_or_default())
    }

    /// A column that is null for a deleted row, which then has no key.
    fn alive(&self, table: &Table) -> Option<String> {
        let deleted = deleted(table).filter(|_| !table.unique().is_empty())?;
        let (name, deleted) = (self.quoted(ALIVE), self.quoted(deleted));
        Some(format!("{name} TINYINT GENERATED ALWAYS AS (IF({deleted} IS NULL, 1, NULL)) VIRTUAL"))
    }

    fn inner_key(&self, table: &Table, (number, key): (usize, &Key)) -> String {
        let alive = deleted(table).map(|_| format!(", {}", self.quoted(ALIVE))).unwrap_or_default();
        let (name, columns) = (self.quoted(&key_name(table, number)), self.names(table, key.columns));
        format!("UNIQUE KEY {name} ({columns}{alive})")
    }

    /// What stands before a table for its foreign keys, and what stands in it.
    ///
    /// Between rows of tenants they refer to tenant and id. Where the id alone is the primary key, both are made a key, too: in
    /// a table that is made as a whole always, elsewhere by the first table that refers to it.
    fn references(&self, table: &'static Table) -> (Vec<String>, Vec<String>) {
        let (mut before, mut parts) = (Vec::new(), Vec::new());
        let references = references(table);
        let own = |reference: &&Reference| self.place(reference.to) == self.place(table);
        if self.whole || references.iter().any(|reference| own(&reference)) {
            parts.extend(self.referred(table));
        }
        for reference in &references {
            let (here, there): (Vec<_>, Vec<_>) = reference.pairs.iter().copied().unzip();
            let is_primary = there == primary(reference.to);
            let (here, there, to) =
                (self.names(table, &here), self.names(reference.to, &there), self.place(reference.to));
            parts.push(format!("FOREIGN KEY ({here}) REFERENCES {to} ({there}) ON DELETE RESTRICT"));
            if !self.whole && !own(&reference) && !is_primary {
                let name = self.quoted(&reference_name(reference.to));
                before.push(format!("CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {to} ({there})"));
            }
        }
        before.dedup();
        (before, parts)
    }

    /// Tenant and id as a key, in a table that has the id alone as its primary key.
    fn referred(&self, table: &Table) -> Option<String> {
        let id = primary(table);
        let places: Vec<usize> = table.place(Role::Tenant).into_iter().chain(id.iter().copied()).collect();
        let name = self.quoted(&reference_name(table));
        (places.len() == 2 && id.len() == 1)
            .then(|| format!("CONSTRAINT {name} UNIQUE ({})", self.names(table, &places)))
    }

    fn ordered(&self, table: &Table, (number, own): (usize, &Index), on: &str) -> String {
        let one = |(place, descending): &(usize, bool)| {
            let name = self.quoted(table.columns()[*place].sql_name());
            format!("{name}{}", if *descending { " DESC" } else { "" })
        };
        let columns: Vec<String> = own.columns.iter().map(one).collect();
        let name = self.quoted(&short(&format!("{}_index_{number}", flat_name(table))));
        format!("{name}{on} ({})", columns.join(", "))
    }
}

/// Null for a deleted row.
pub(in crate::sql) const ALIVE: &str = "bw_alive";

fn deleted(table: &Table) -> Option<&'static str> {
    table.place(Role::DeletedAt).map(|place| table.columns()[place].sql_name())
}

/// The name of the key of tenant and id.
pub(in crate::sql) fn reference_name(table: &Table) -> String {
    short(&format!("{}_reference", flat_name(table)))
}

/// The name of a further key.
pub(in crate::sql) fn key_name(table: &Table, number: usize) -> String {
    short(&format!("{}_key_{number}", flat_name(table)))
}

/// A name that no database cuts off, which would make two names one.
fn short(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    format!("{}_{:016x}", &name[..LONGEST - 17], xxh3_64(name.as_bytes()))
}
