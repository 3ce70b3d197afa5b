//! What was done: the audit of commands and of transitions.
//!
//! The audit row of a transition is a row beside the entity's: it is written by the statement that saves the entity, or in one transaction with it, so a
//! savepoint, a unit of work or a crash that undoes one undoes the other. It is read as entities are, in memory and in every
//! database.

mod commands;
mod row;
mod transitions;

pub use commands::Commands;
pub use row::TransitionAudit;
pub use transitions::Transitions;

use self::row::Row;
use super::{Db, Scope, Scoped, TenantScope, bulk::statements, saves::Numbered, writes};
use crate::{
    entity::{Entity, Role, Stamps, Value},
    error::Error,
    plan::Write,
    store::AnyStore,
    tenant::TenantId,
};

/// What was done in a database, for those who ask.
#[derive(Debug, Clone)]
pub struct Audit {
    store: AnyStore,
    db: Option<Db>,
    whose: Whose,
}

/// Whose rows are in reach.
#[derive(Debug, Clone)]
enum Whose {
    Everybody,
    Nobody,
    One(TenantId),
}

impl Audit {
    /// What all tenants have done, and what belongs to none.
    pub(crate) const fn of_all(store: AnyStore, db: Option<Db>) -> Self {
        Self { store, db, whose: Whose::Everybody }
    }

    /// What this tenant has done; or what belongs to none.
    #[must_use]
    pub fn tenant(self, tenant: Option<&TenantId>) -> Self {
        let whose = match self.whose {
            Whose::Everybody => tenant.cloned().map_or(Whose::Nobody, Whose::One),
            bound => bound,
        };
        Self { whose, ..self }
    }

    /// The runs of commands with `audit`.
    pub fn commands(&self) -> Commands {
        Commands::new(self.store.clone(), &self.whose)
    }

    /// The transitions of entities.
    pub fn transitions(&self) -> Transitions {
        Transitions::new(self.db.clone(), &self.whose)
    }
}

impl Db {
    /// What was done here, by all tenants and by nobody in particular.
    #[must_use]
    pub fn audit(&self) -> Audit {
        Audit::of_all(self.store().clone(), Some(self.clone()))
    }
}

impl Scoped {
    /// What was done in this scope: other tenants' rows are out of reach.
    #[must_use]
    pub fn audit(&self) -> Audit {
        let whose = match self.scope().tenants() {
            TenantScope::One(tenant) => Whose::One(tenant.clone()),
            TenantScope::Nobody => Whose::Nobody,
            TenantScope::All(_) => Whose::Everybody,
        };
        Audit { store: self.db().store().clone(), db: Some(self.db().clone()), whose }
    }
}

/// The audit rows of transitions that are saved now.
pub(super) fn rows<E: Entity>(
    entity: &E,
    records: &[Numbered<'_>],
    (scope, stamps): (&Scope, &Stamps),
) -> Result<Vec<Vec<Value<'static>>>, Error> {
    let audited = (1..).zip(records).filter(|(_, (_, record))| record.facts().audit);
    audited.map(|(seq, record)| writes::row(&row(entity, (seq, record), (scope, stamps)))).collect()
}

fn row<E: Entity>(entity: &E, (seq, (id, record)): (i64, &Numbered<'_>), (scope, stamps): (&Scope, &Stamps)) -> Row {
    Row(TransitionAudit {
        id: *id,
        tenant: E::TABLE.place(Role::Tenant).and(stamps.tenant.clone()),
        entity: stored_name::<E>().to_owned(),
        entity_id: entity.id().to_string(),
        machine: record.facts().name().to_owned(),
        transition: record.transition().to_owned(),
        from: record.from().to_owned(),
        to: record.to().to_owned(),
        actor: stamps.actor.clone(),
        correlation: scope.correlation_of(),
        reason: record.reason().map(str::to_owned),
        at: stamps.at,
        version: stamps.version,
        seq,
    })
}

/// What inserts them.
pub(super) fn inserts(rows: Vec<Vec<Value<'static>>>) -> Vec<Write> {
    statements::<Row>(rows)
}

/// How rows name an entity: in snake case, as the codes of its errors do.
pub(super) fn stored_name<E: Entity>() -> &'static str {
    let code = E::LOGS.first().and_then(|logged| logged.code().split_once('/'));
    code.map_or(E::TABLE.entity(), |(name, _)| name)
}
