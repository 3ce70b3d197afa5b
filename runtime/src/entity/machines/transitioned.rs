//! A transition as an event.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Serialize};

use crate::{
    entity::Entity,
    event::{Event, EventSpec},
    state_machine::TransitionRecord,
    version::Version,
};

/// An entity of a machine with `emit` was saved after a transition. Subscribers in the process hear it after the commit; the outbox
/// has the same under the name of the transition, such as `order.pay`, with the entity's id as its key.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Transitioned<E> {
    entity: String,
    id: String,
    transition: String,
    from: String,
    to: String,
    version: Version,
    reason: Option<String>,
    #[serde(skip)]
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> Transitioned<E> {
    pub(crate) fn new((entity, id): (&str, &E::Id), record: &TransitionRecord, version: Version) -> Self {
        Self {
            entity: entity.to_owned(),
            id: id.to_string(),
            transition: record.transition().to_owned(),
            from: record.from().to_owned(),
            to: record.to().to_owned(),
            version,
            reason: record.reason().map(str::to_owned),
            of: PhantomData,
        }
    }

    /// The name under which it travels: `order.pay`.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.entity, self.transition)
    }

    /// The id of the entity, as text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The transition.
    #[must_use]
    pub fn transition(&self) -> &str {
        &self.transition
    }

    /// The stored name of the state that it left.
    #[must_use]
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The stored name of the state that it entered; of an internal transition the same.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.to
    }

    /// The version of the entity after it was saved.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Why, as the caller said.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

impl<E: Entity> Event for Transitioned<E> {
    const SPECS: &'static [EventSpec] = E::TRANSITIONED;
    const IS_ENUM: bool = false;

    fn index(&self) -> usize {
        let name = self.name();
        E::TRANSITIONED.iter().position(|spec| spec.answers_to(&name)).unwrap_or_default()
    }

    fn key(&self) -> Option<String> {
        Some(self.id.clone())
    }
}

impl<E> fmt::Debug for Transitioned<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} {} -> {}", self.entity, self.id, self.transition, self.from, self.to)
    }
}
