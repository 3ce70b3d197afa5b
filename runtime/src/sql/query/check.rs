//! What a table is, held against what its entity declares.

use std::marker::PhantomData;

use super::ddl::{Ddl, add_column, add_key, create};
use crate::{
    entity::{ColumnDef, Filtering, Kind, Role, Table},
    plan::{SchemaFinding, primary},
};

/// A table as the database describes it.
#[derive(Debug, Default)]
pub(in crate::sql) struct Found {
    pub(in crate::sql) columns: Vec<FoundColumn>,
    /// Unique keys, the primary one too.
    pub(in crate::sql) keys: Vec<FoundKey>,
}

#[derive(Debug)]
pub(in crate::sql) struct FoundColumn {
    pub(in crate::sql) name: String,
    pub(in crate::sql) of_type: String,
    pub(in crate::sql) nullable: bool,
    pub(in crate::sql) collation: Option<String>,
}

#[derive(Debug)]
pub(in crate::sql) struct FoundKey {
    pub(in crate::sql) columns: Vec<String>,
    /// Whether it has some of the rows alone.
    pub(in crate::sql) partial: bool,
}

/// What a table is not as its entity declares it; a table without columns is not there.
pub(in crate::sql) fn compare<D: Ddl>(table: &'static Table, found: &Found) -> Vec<SchemaFinding> {
    let check = Check::<D> { table, found, findings: Vec::new(), dialect: PhantomData };
    check.run()
}

struct Check<'f, D> {
    table: &'static Table,
    found: &'f Found,
    findings: Vec<SchemaFinding>,
    dialect: PhantomData<D>,
}

impl<D: Ddl> Check<'_, D> {
    fn run(mut self) -> Vec<SchemaFinding> {
        if self.found.columns.is_empty() {
            let repair = (!self.table.is_read_only()).then(|| create::<D>(self.table).join(";\n"));
            self.add("schema/table", None, "it is not there", repair);
            return self.findings;
        }
        self.table.columns().iter().for_each(|column| self.column(column));
        if !self.table.is_read_only() {
            self.declared_keys();
            self.found_keys();
        }
        self.findings
    }

    fn add(&mut self, code: &'static str, column: Option<&str>, message: impl Into<String>, repair: Option<String>) {
        let (table, column) = (self.table.name().to_owned(), column.map(str::to_owned));
        self.findings.push(SchemaFinding { code, table, column, message: message.into(), repair });
    }

    fn column(&mut self, column: &'static ColumnDef) {
        let name = column.sql_name();
        let Some(found) = self.found.columns.iter().find(|found| found.name == name) else {
            // A column that is never null cannot be added to rows that are there.
            let repair = column.is_nullable().then(|| add_column::<D>(self.table, column));
            return self.add("schema/column", Some(name), "the column is not there", repair);
        };
        let view = self.table.is_read_only();
        let untold = view && found.of_type.is_empty();
        if !(untold || D::holds(column, &found.of_type)) {
            let wanted = D::column_type(column);
            let message = format!("the column is of type `{}`, and `{wanted}` is declared", found.of_type);
            self.add("schema/type", Some(name), message, None);
        }
        if !view && found.nullable != column.is_nullable() {
            let message =
                if found.nullable { "a row may have no value there" } else { "each row must have a value there" };
            let message = format!("{message}, and the entity says otherwise");
            self.add("schema/null", Some(name), message, D::nullable(self.table, column));
        }
        self.values(column, found);
    }

    /// Whether values are told apart and kept as the entity has them.
    fn values(&mut self, column: &'static ColumnDef, found: &FoundColumn) {
        let name = column.sql_name();
        if column.kind() == Kind::Text && self.compares(column) && !D::collates(found.collation.as_deref()) {
            let collation = found.collation.as_deref().unwrap_or("the default");
            let message = format!("texts are compared by the collation `{collation}` and not by their bytes");
            self.add("schema/collation", Some(name), message, D::collated(self.table, column));
        }
        if D::DIGITS.is_some_and(|most| column.digits().is_some_and(|(all, _)| all > most)) {
            self.add("schema/decimal", Some(name), "the database keeps decimal numbers of up to 18 digits", None);
        }
    }

    /// Whether anything depends on which texts are equal and which comes first.
    fn compares(&self, column: &ColumnDef) -> bool {
        let named = |place: &usize| self.table.columns()[*place].sql_name() == column.sql_name();
        let keyed = self.table.unique().iter().any(|key| key.columns.iter().any(named));
        let role = matches!(column.plays(), Role::Id | Role::Tenant);
        keyed || role || column.is_sortable() || column.filtering() != Filtering::No
    }

    fn names(&self, places: &[usize]) -> Vec<&'static str> {
        places.iter().map(|place| self.table.columns()[*place].sql_name()).collect()
    }

    fn declared_keys(&mut self) {
        let own = self.names(&primary(self.table));
        if !self.found.keys.iter().any(|key| key.columns == own && !key.partial) {
            self.add("schema/key", Some(&own.join(", ")), "the primary key is not there", None);
        }
        let deletes = self.table.place(Role::DeletedAt).is_some();
        for (number, key) in self.table.unique().iter().enumerate() {
            let wanted = self.names(key.columns);
            let mut same = self.found.keys.iter().filter(|key| D::is_key(key, &wanted)).peekable();
            let repair = add_key::<D>(self.table, number);
            if same.peek().is_none() {
                self.add("schema/key", Some(&wanted.join(", ")), "the unique key is not there", repair);
            } else if deletes && same.any(|key| !D::is_partial(key)) {
                let message = "the unique key has the deleted rows, too: what is deleted keeps its key from others";
                self.add("schema/key_deleted", Some(&wanted.join(", ")), message, None);
            }
        }
    }

    /// A key that is not the tenant's own tells one tenant what another has.
    fn found_keys(&mut self) {
        let Some(tenant) = self.table.place(Role::Tenant) else { return };
        let tenant = self.table.columns()[tenant].sql_name();
        let own = self.names(&primary(self.table));
        let keys = self.found.keys.iter().filter(|key| key.columns.first().is_some_and(|first| first != tenant));
        // A made id is nobody's secret, and what begins with one says no more than it.
        let foreign = keys.filter(|key| own.len() > 1 || key.columns[..1] != own[..]);
        let columns: Vec<String> = foreign.map(|key| key.columns.join(", ")).collect();
        for columns in columns {
            let message = "the unique key does not begin with the tenant: it tells one tenant what another has";
            self.add("schema/key_tenant", Some(&columns), message, None);
        }
    }
}
