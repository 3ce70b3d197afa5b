//! Saves of many entities.

use super::few;
use crate::{
    entity::{Entity, Versioned},
    error::{Error, ErrorKind},
    repository::{Expect, Repository, audit::inserts, saves::saved, writes::mutable},
};

/// Somebody else has changed or deleted some of the rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("of {entity}, {} rows were changed or are gone: {}", ids.len(), ids.join(", "))]
#[non_exhaustive]
pub struct ManyConflicts {
    /// The entity.
    pub entity: &'static str,
    /// Their ids.
    pub ids: Vec<String>,
}

impl<E: Versioned> Repository<'_, E> {
    /// Writes all columns that can change of all these entities, up to 100,000, in one transaction, if each row is still at its
    /// entity's version; the entities are then at the next one.
    ///
    /// # Errors
    /// `repository/version_conflict` if somebody else was faster or a row is gone: [`ManyConflicts`] has the ids of all such rows.
    /// `repository/duplicate`, `repository/value`, `repository/cross_tenant_write`, `repository/too_many_rows`,
    /// [`UndeclaredTransition`](crate::repository::UndeclaredTransition). Nothing
    /// was written, and the entities are as they were.
    pub async fn save_many(&mut self, entities: &mut [E]) -> Result<(), Error> {
        self.writable()?;
        few(entities.len())?;
        let places = mutable::<E>().map(|(place, _)| place).collect::<Vec<_>>();
        let (mut writes, mut stamps) = (Vec::with_capacity(entities.len()), Vec::with_capacity(entities.len()));
        let (mut trail, mut told) = (Vec::new(), Vec::new());
        for entity in entities.iter() {
            let own = self.owners(entity)?;
            let saving = own.saving(entity, Expect::Version(entity.version()), &places)?;
            writes.push(saving.write);
            trail.extend(saving.trail);
            told.extend(saving.told);
            stamps.push(saving.stamps);
        }
        writes.extend(inserts(trail));
        let done = self.written(writes, told).await?;
        let missed = entities.iter().zip(&done).filter(|(_, told)| !matches!(told, Ok(1..)));
        let ids: Vec<String> = missed.map(|(entity, _)| entity.id().to_string()).collect();
        if !ids.is_empty() {
            return Err(self.too_late(conflicts::<E>(ids)));
        }
        entities.iter_mut().zip(&stamps).for_each(|(entity, stamps)| saved(entity, stamps));
        Ok(())
    }
}

fn conflicts<E: Entity>(ids: Vec<String>) -> Error {
    let conflicts = ManyConflicts { entity: E::TABLE.entity(), ids };
    let message = format!("{conflicts}; load them again and decide again");
    Error::new(ErrorKind::Conflict, "repository/version_conflict", message).caused_by(conflicts)
}
