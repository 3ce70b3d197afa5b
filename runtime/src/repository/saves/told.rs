//! Transitions as messages.

use super::Numbered;
use crate::{
    codec,
    entity::{Entity, Stamps, Transitioned},
    envelope::{Envelope, EventKind, Metadata},
    error::Error,
    repository::{Scope, Told, audit::stored_name},
};

/// What the machines that emit tell of what they have done.
pub(super) fn told<E: Entity>(
    entity: &E,
    records: &[Numbered<'_>],
    (scope, stamps): (&Scope, &Stamps),
) -> Result<Vec<Told>, Error> {
    let emitted = records.iter().filter(|(_, record)| record.facts().emit);
    let one = |(id, record): &Numbered<'_>| {
        let name = stored_name::<E>();
        let event = Transitioned::<E>::new((name, entity.id()), record, stamps.version);
        let metadata = scope.metadata();
        let envelope = Envelope {
            id: *id,
            name: event.name().into(),
            version: 1,
            kind: EventKind::Notification,
            time: stamps.at,
            key: Some(event.id().to_owned()),
            metadata: Metadata { correlation: metadata.correlation.or(Some(*id)), ..metadata },
            payload: codec::encode(&event)?.into(),
        };
        let own = E::LOGS.iter().find(|logged| logged.facts().graph.machine == record.machine());
        Ok(Told::new(name, envelope, own.and_then(|logged| logged.hear())))
    };
    emitted.map(one).collect()
}
