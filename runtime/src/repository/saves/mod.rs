//! Writes of entities that were loaded: what their state machines have done is written with them.

mod proof;
mod told;
mod undeclared;

use std::collections::BTreeSet;

pub(super) use proof::fresh;
pub use undeclared::{Undeclared, UndeclaredTransition};

use self::{
    proof::{proven, unmoved},
    told::told,
};
use super::{
    Repository, Scope, Told, audit, failure,
    writes::{Expect, is_deleted, missed, mutable},
};
use crate::{
    entity::{Entity, Logged, Stamps, Unversioned, Value, Versioned},
    error::Error,
    id::MessageId,
    plan::Write,
    state_machine::TransitionRecord,
};

/// A transition that is saved, and the id of what is written about it.
pub(super) type Numbered<'e> = (MessageId, &'e TransitionRecord);

fn numbered<'e>(scope: &Scope, records: Vec<&'e TransitionRecord>) -> Vec<Numbered<'e>> {
    records.into_iter().map(|record| (scope.clock_of().message_id(), record)).collect()
}

/// What saves an entity.
pub(super) struct Saving {
    pub(super) write: Write,
    /// The audit rows that are written with it.
    pub(super) trail: Vec<Vec<Value<'static>>>,
    /// The messages that leave with it.
    pub(super) told: Vec<Told>,
    pub(super) stamps: Stamps,
}

impl<E: Entity> Repository<'_, E> {
    /// Writes all columns that can change, if the row is still at the entity's version; the entity is then at the next one. What its
    /// state machines have done since it was loaded is written with it, as each of them says, and its logs are empty then.
    ///
    /// # Errors
    /// `repository/version_conflict` if somebody else was faster, `repository/not_found` if the row is gone,
    /// `repository/duplicate`, `repository/value`, `repository/cross_tenant_write`; [`UndeclaredTransition`] if a state that is
    /// logged changed by anything else than its transitions. The entity is as it was, and nothing was written.
    pub async fn save(&mut self, entity: &mut E) -> Result<(), Error>
    where
        E: Versioned,
    {
        let all = mutable::<E>().map(|(place, _)| place).collect::<Vec<_>>();
        self.store(entity, Expect::Version(entity.version()), &all).await
    }

    /// Writes the columns in which `now` differs from `before`, as [`save`](Self::save) does; answers whether there were any, or
    /// transitions that changed none. Both are the same entity: the row is that of `now`.
    ///
    /// # Errors
    /// Those of [`save`](Self::save).
    pub async fn save_changes(&mut self, before: &E, now: &mut E) -> Result<bool, Error>
    where
        E: Versioned,
    {
        let changed = mutable::<E>().map(|(place, _)| place).filter(|place| before.value(*place) != now.value(*place));
        // A transition is not lost on who has compared with what came after it.
        let moved = E::LOGS.iter().filter(|logged| logged.stored(now) != Some(logged.state(now)));
        let changed = changed.chain(moved.map(Logged::place)).collect::<BTreeSet<_>>();
        let changed = changed.into_iter().collect::<Vec<_>>();
        if changed.is_empty() && proven(now)?.is_empty() {
            return Ok(false);
        }
        self.store(now, Expect::Version(now.version()), &changed).await.map(|()| true)
    }

    /// Writes all columns that can change of an entity without a version, whoever changed the row meanwhile: the last write
    /// wins. A state that is logged does not change so: it must be stored as it was when the entity was loaded.
    ///
    /// # Errors
    /// `repository/not_found` if the row is gone, `repository/state_conflict` if it is in another state than it was,
    /// `repository/duplicate`, `repository/value`, `repository/cross_tenant_write`; [`UndeclaredTransition`], as
    /// [`save`](Self::save).
    pub async fn overwrite(&mut self, entity: &mut E) -> Result<(), Error>
    where
        E: Unversioned,
    {
        let all = mutable::<E>().map(|(place, _)| place).collect::<Vec<_>>();
        self.store(entity, Expect::Any, &all).await
    }

    async fn store(&mut self, entity: &mut E, expect: Expect, places: &[usize]) -> Result<(), Error> {
        self.writable()?;
        let own = self.owners(entity)?;
        let Saving { write, trail, told, stamps } = own.saving(entity, expect, places)?;
        let writes = std::iter::once(write).chain(audit::inserts(trail)).collect();
        let done = own.written(writes, told).await?;
        if !matches!(done.first(), Some(Ok(1..))) {
            return Err(own.not_saved(entity, expect).await);
        }
        saved(entity, &stamps);
        Ok(())
    }

    /// What writes these columns of an entity, if its states are proven.
    pub(super) fn saving(&self, entity: &E, expect: Expect, places: &[usize]) -> Result<Saving, Error> {
        let records = proven(entity)?;
        let set = places.iter().map(|place| (*place, entity.value(*place).into_owned())).collect();
        let (mut write, stamps) = self.updating(entity.id(), expect, set)?;
        if let (Write::Update { reach, .. }, Expect::Any) = (&mut write, expect) {
            reach.parts.extend(unmoved(entity));
        }
        let records = numbered(&self.scope, records);
        let trail = audit::rows(entity, &records, (&self.scope, &stamps))?;
        let told = told(entity, &records, (&self.scope, &stamps))?;
        Ok(Saving { write, trail, told, stamps })
    }

    /// Why an entity was not saved.
    async fn not_saved(&self, entity: &E, expect: Expect) -> Error {
        self.too_late(match self.found(entity.id()).await {
            Ok(Some(row)) if expect == Expect::Any && !is_deleted(&row) => failure::state_conflict::<E>(entity.id()),
            Ok(row) => missed(entity.id(), expect, row.as_ref()),
            Err(error) => error,
        })
    }
}

/// The entity is as it is stored.
pub(super) fn saved<E: Entity>(entity: &mut E, stamps: &Stamps) {
    entity.stamp(stamps);
    for record in proven(entity).unwrap_or_default() {
        let (machine, transition) = (record.machine(), record.transition());
        tracing::debug!(machine, transition, from = record.from(), to = record.to(), "a transition is saved");
    }
    E::LOGS.iter().for_each(|logged| logged.settle(entity));
}
