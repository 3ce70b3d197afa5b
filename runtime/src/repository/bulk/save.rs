//! Saves of many entities.

use super::few;
use crate::{
    entity::{Entity, Versioned},
    error::{Error, ErrorKind},
    plan::Together,
    repository::{Expect, Repository, writes::mutable},
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
    /// `repository/duplicate`, `repository/value`, `repository/cross_tenant_write`, `repository/too_many_rows`. Nothing
    /// was written, and the entities are as they were.
    pub async fn save_many(&mut self, entities: &mut [E]) -> Result<(), Error> {
        self.writable()?;
        few(entities.len())?;
        let places = mutable::<E>().map(|(place, _)| place).collect::<Vec<_>>();
        let (mut writes, mut stamps) = (Vec::with_capacity(entities.len()), Vec::with_capacity(entities.len()));
        for entity in entities.iter() {
            let own = self.owners(entity)?;
            let set = places.iter().map(|place| (*place, entity.value(*place).into_owned())).collect();
            let (write, stamp) = own.updating(entity.id(), Expect::Version(entity.version()), set)?;
            writes.push(write);
            stamps.push(stamp);
        }
        let told = self.together(Together::Each, writes).await?;
        let missed = entities.iter().zip(&told).filter(|(_, told)| !matches!(told, Ok(1..)));
        let ids: Vec<String> = missed.map(|(entity, _)| entity.id().to_string()).collect();
        if !ids.is_empty() {
            return Err(conflicts::<E>(ids));
        }
        entities.iter_mut().zip(&stamps).for_each(|(entity, stamps)| entity.stamp(stamps));
        Ok(())
    }
}

fn conflicts<E: Entity>(ids: Vec<String>) -> Error {
    let conflicts = ManyConflicts { entity: E::TABLE.entity(), ids };
    let message = format!("{conflicts}; load them again and decide again");
    Error::new(ErrorKind::Conflict, "repository/version_conflict", message).caused_by(conflicts)
}
