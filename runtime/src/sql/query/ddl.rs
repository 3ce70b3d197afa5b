//! Tables and keys of entities as statements.

use super::flat_name;
use crate::entity::{ColumnDef, Index, Key, Kind, Role, Table};

/// How a database writes the type of a column, and what holds a row of a table together.
pub(in crate::sql) trait Ddl {
    /// The type of the column.
    fn column_type(column: &ColumnDef) -> String;

    /// What stands behind the columns.
    const TAIL: &'static str;
}

/// The statements that make the table of an entity, its keys and its indexes.
pub(in crate::sql) fn create<D: Ddl>(table: &Table) -> Vec<String> {
    let name = flat_name(table);
    let columns = table.columns().iter().map(definition::<D>);
    let parts: Vec<String> = columns.chain([primary(table)]).collect();
    let table_itself = format!("CREATE TABLE \"{name}\" (\n    {}\n){}", parts.join(",\n    "), D::TAIL);
    let keys = table.unique().iter().enumerate().map(|(number, key)| unique(table, &name, (number, key)));
    let indexes = table.indexed().iter().enumerate().map(|(number, own)| index(table, &name, (number, own)));
    std::iter::once(table_itself).chain(keys).chain(indexes).collect()
}

fn definition<D: Ddl>(column: &ColumnDef) -> String {
    let name = column.sql_name();
    let null = if column.is_nullable() { "" } else { " NOT NULL" };
    let texts = column.texts();
    let check = if texts.is_empty() {
        String::new()
    } else {
        let quoted: Vec<String> = texts.iter().map(|text| format!("'{}'", text.replace('\'', "''"))).collect();
        format!(" CHECK (\"{name}\" IN ({}))", quoted.join(", "))
    };
    format!("\"{name}\" {}{null}{check}", D::column_type(column))
}

/// The id; before it the tenant, where ids are not made and two tenants may have the same.
fn primary(table: &Table) -> String {
    let id = table.place(Role::Id);
    let made = id.is_some_and(|place| table.columns()[place].kind() == Kind::Uuid);
    let tenant = table.place(Role::Tenant).filter(|_| !made);
    let places: Vec<usize> = tenant.into_iter().chain(id).collect();
    format!("PRIMARY KEY ({})", names(table, &places))
}

fn unique(table: &Table, name: &str, (number, key): (usize, &Key)) -> String {
    let alive = table.place(Role::DeletedAt).map(|place| table.columns()[place].sql_name());
    let alive = alive.map(|column| format!(" WHERE \"{column}\" IS NULL")).unwrap_or_default();
    format!("CREATE UNIQUE INDEX \"{name}_key_{number}\" ON \"{name}\" ({}){alive}", names(table, key.columns))
}

fn index(table: &Table, name: &str, (number, own): (usize, &Index)) -> String {
    let one = |(place, descending): &(usize, bool)| {
        format!("\"{}\"{}", table.columns()[*place].sql_name(), if *descending { " DESC" } else { "" })
    };
    let columns: Vec<String> = own.columns.iter().map(one).collect();
    format!("CREATE INDEX \"{name}_index_{number}\" ON \"{name}\" ({})", columns.join(", "))
}

fn names(table: &Table, places: &[usize]) -> String {
    let names: Vec<String> = places.iter().map(|place| format!("\"{}\"", table.columns()[*place].sql_name())).collect();
    names.join(", ")
}
