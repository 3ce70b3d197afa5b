//! The tables of entities, step by step.

use crate::{
    entity::{Entity, Table},
    plan::{Step, What},
};

/// The steps of a schema, in their order. A step that has been applied is never changed: what changes is a further step.
///
/// [`ddl`](Self::ddl) is for the first form of a table and for tests; later changes are written by hand.
#[derive(Debug, Clone, Default)]
pub struct Migrations {
    pub(super) steps: Vec<Step>,
}

impl Migrations {
    /// No steps.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the table of an entity, with its keys and indexes, under this name. Before the entity changes, the step is written
    /// down: [`Db::ddl`](super::Db::ddl) is its text, [`sql`](Self::sql) takes it, and what changes is a further step.
    #[must_use]
    pub fn ddl<E: Entity>(self, name: impl Into<String>) -> Self {
        self.step(name.into(), What::Table(E::TABLE))
    }

    /// Executes these statements, under this name. They begin and end no transaction of their own: all steps share one. Foreign
    /// keys are not `DEFERRABLE`: writes of others share the transaction, and a key that is looked at in its end would fail
    /// them, too.
    #[must_use]
    pub fn sql(self, name: impl Into<String>, statements: impl Into<String>) -> Self {
        self.step(name.into(), What::Sql(statements.into()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The tables that are made for entities.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'static Table> {
        self.steps.iter().filter_map(|step| match step.what {
            What::Table(table) => Some(table),
            What::Sql(_) => None,
        })
    }

    fn step(mut self, name: String, what: What) -> Self {
        self.steps.push(Step { name, what });
        self
    }
}
