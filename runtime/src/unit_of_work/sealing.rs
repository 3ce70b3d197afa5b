//! Sensitive fields: sealed for this process when they are staged, and by the keys of their subjects in the commit.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::UnitOfWork;
use crate::{
    envelope::Envelope,
    error::{Error, ErrorKind},
    event::Event,
    id::MessageId,
    sensitive::{Ring, Sealer, Subject},
    store::{KEYS, ModelSeen},
};

impl UnitOfWork {
    pub(super) fn payload<E: Event>(&mut self, event: &E, message: MessageId) -> Result<Vec<u8>, Error> {
        let spec = event.spec();
        if spec.sensitive.is_empty() {
            return event.encode();
        }
        let fault = |code, why: &str| Error::new(ErrorKind::Config, code, why).with("event", spec.name);
        let Some(vault) = self.units.store().vault() else {
            return Err(fault(
                "sensitive/no_master_key",
                "the event has sensitive fields: add `.master_key(…)` to the application",
            ));
        };
        let Some(subject) = event.subject() else {
            return Err(fault(
                "sensitive/no_subject",
                "the event has sensitive fields: say whose with `Event::subject`",
            ));
        };
        let subject = Subject::new(self.metadata.tenant.clone(), subject).map_err(|e| e.with("event", spec.name))?;
        let (payload, sealed) =
            vault.encode(&subject, message, || event.encode()).map_err(|e| e.with("event", spec.name))?;
        if sealed {
            self.sealed.push((message, subject));
        }
        Ok(payload)
    }

    /// Seals what is staged by the keys of its subjects. Where these lie in the store, the commit holds them: who forgets a
    /// subject meanwhile makes it a conflict.
    pub(super) async fn seal(&mut self) -> Result<Ring, Error> {
        let Some(vault) = self.units.store().vault().filter(|_| !self.sealed.is_empty()) else {
            return Ok(Ring::default());
        };
        let staged: HashSet<MessageId> = self.envelopes().map(|envelope| envelope.id).collect();
        let mut sealers: HashMap<Subject, Arc<Sealer>> = HashMap::new();
        let mut of: HashMap<MessageId, Arc<Sealer>> = HashMap::new();
        for (message, subject) in self.sealed.iter().filter(|(message, _)| staged.contains(message)) {
            let sealer = match sealers.get(subject) {
                Some(sealer) => Arc::clone(sealer),
                None => Arc::new(vault.sealer(subject).await?),
            };
            sealers.insert(subject.clone(), Arc::clone(&sealer));
            of.insert(*message, sealer);
        }
        let ring = vault.ring_of(sealers.values().map(|sealer| &**sealer));
        for sealer in sealers.into_values().filter(|sealer| sealer.revision.is_some()) {
            let seen = ModelSeen { model: KEYS, key: sealer.subject().name().into(), revision: sealer.revision };
            self.transaction.staged_mut().seen.push(seen);
        }
        self.reseal(&of)?;
        Ok(ring)
    }

    fn envelopes(&self) -> impl Iterator<Item = &Envelope> {
        let commit = self.transaction.staged();
        let unlogged = self.unlogged.iter().map(|saved| &saved.append);
        let appended = commit.appends.iter().chain(unlogged).flat_map(|append| &append.events);
        appended.chain(commit.outbox.iter().map(|row| &row.envelope)).chain(self.staged.iter().map(|e| e.envelope()))
    }

    fn reseal(&mut self, of: &HashMap<MessageId, Arc<Sealer>>) -> Result<(), Error> {
        let mut sealed: HashMap<MessageId, Arc<[u8]>> = HashMap::new();
        let mut payload = |envelope: &Envelope| {
            let Some(sealer) = of.get(&envelope.id) else { return Ok(None) };
            if let Some(known) = sealed.get(&envelope.id) {
                return Ok(Some(Arc::clone(known)));
            }
            let new: Arc<[u8]> = sealer.seal(envelope.id, &envelope.payload)?.into();
            sealed.insert(envelope.id, Arc::clone(&new));
            Ok::<_, Error>(Some(new))
        };
        let commit = self.transaction.staged_mut();
        let unlogged = self.unlogged.iter_mut().map(|saved| &mut saved.append);
        let appended = commit.appends.iter_mut().chain(unlogged).flat_map(|append| &mut append.events);
        for envelope in appended.chain(commit.outbox.iter_mut().map(|row| &mut row.envelope)) {
            if let Some(new) = payload(envelope)? {
                envelope.payload = new;
            }
        }
        for staged in &mut self.staged {
            if let Some(new) = payload(staged.envelope())? {
                staged.reseal(new);
            }
        }
        Ok(())
    }
}
