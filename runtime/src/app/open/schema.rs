//! The tables of entities, when an application starts.

use crate::{
    app::AppBuilder,
    entity::{Entity, Table},
    error::{Error, ErrorKind},
    repository::{Db, Migrations, SchemaCheck, SchemaFinding},
    store::AnyStore,
    unit_of_work::no_entities,
};

/// What is done to tables, and which of them are held against their entities.
#[derive(Default)]
pub(in crate::app) struct Schema {
    migrations: Migrations,
    tables: Vec<&'static Table>,
    check: SchemaCheck,
}

impl<U, S> AppBuilder<U, S> {
    /// Holds the table of an entity against what it declares: [`Db::check_schema`]. `build()` answers `db/schema` if they differ.
    pub fn entity<E: Entity>(mut self) -> Self {
        self.schema.tables.push(E::TABLE);
        self
    }

    /// Brings the tables of entities up to these steps, and holds those that they make against their entities.
    pub fn migrations(mut self, migrations: Migrations) -> Self {
        self.schema.tables.extend(migrations.tables());
        self.schema.migrations = migrations;
        self
    }

    /// What to do about tables that differ from their entities; `build()` refuses them unless it is said.
    pub fn schema_check(mut self, check: SchemaCheck) -> Self {
        self.schema.check = check;
        self
    }
}

impl Schema {
    /// Migrates and checks.
    pub(in crate::app) async fn prepare(self, store: &AnyStore) -> Result<(), Error> {
        if self.tables.is_empty() && self.migrations.is_empty() {
            return Ok(());
        }
        let db = Db::of(store).ok_or_else(no_entities)?;
        if !self.migrations.is_empty() {
            db.migrate(self.migrations).await?;
        }
        let findings = db.check_schema(&self.tables).await?;
        let refused = |finding: &SchemaFinding| self.check == SchemaCheck::Refuse || finding.is_severe();
        let (refused, warned): (Vec<_>, Vec<_>) = findings.into_iter().partition(refused);
        for finding in warned {
            tracing::warn!(%finding, "a table is not as its entity declares it");
        }
        if refused.is_empty() { Ok(()) } else { Err(differs(&refused)) }
    }
}

fn differs(findings: &[SchemaFinding]) -> Error {
    let lines: Vec<String> = findings.iter().map(SchemaFinding::to_string).collect();
    let message = format!("tables are not as their entities declare them:\n- {}", lines.join("\n- "));
    Error::new(ErrorKind::Config, "db/schema", message)
}
