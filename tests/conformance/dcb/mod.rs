//! Dynamic consistency boundaries on the port as it is: an event has tags, and is appended on condition that no event with
//! some tags came after a position. No store knows of tags: they are an index in a read model, written with the event.

mod cases;

use bailiwick::{
    Clock, Error, ErrorKind, Expected, Position, ReadModel, TenantId, Transaction,
    envelope::{Envelope, EventKind, Metadata, StreamId},
    id::MessageId,
    store::{AnyStore, Append},
};

use super::states::{Bed, on_every_store};

/// The events of each tag, in the order of their commits.
const TAGS: ReadModel<Vec<MessageId>> = ReadModel::new("dcb.tags");

/// No event with all of these tags lies after this position.
#[derive(Clone, Copy)]
struct Unless<'a> {
    tags: &'a [&'a str],
    after: Position,
}

/// A log of events with tags, of one tenant.
struct Tagged {
    store: AnyStore,
    tenant: Option<TenantId>,
}

impl Tagged {
    fn new(store: &AnyStore, tenant: Option<TenantId>) -> Self {
        Self { store: store.clone(), tenant }
    }

    /// The events with all of these tags in the global order, and the position up to which that is the whole truth.
    async fn read(&self, tags: &[&str]) -> Result<(Vec<(Position, Envelope)>, Position), Error> {
        let mut transaction = self.begin();
        let found = self.query(&mut transaction, tags).await?;
        let last = found.last().map_or(Position::START, |(position, _)| *position);
        Ok((found, last))
    }

    fn begin(&self) -> Transaction {
        Transaction::new(self.store.clone(), self.tenant.clone())
    }

    /// Reads the index, so that the commit of this transaction is refused if it changes.
    async fn query(&self, transaction: &mut Transaction, tags: &[&str]) -> Result<Vec<(Position, Envelope)>, Error> {
        let mut ids: Option<Vec<MessageId>> = None;
        for tag in tags {
            let tagged = transaction.get(TAGS, tag).await?.unwrap_or_default();
            ids = Some(match ids {
                None => tagged,
                Some(ids) => ids.into_iter().filter(|id| tagged.contains(id)).collect(),
            });
        }
        let mut found = Vec::new();
        for row in self.store.find(ids.unwrap_or_default()).await? {
            found.push((row.position, row.event?.event.envelope));
        }
        found.sort_by_key(|(position, _)| *position);
        Ok(found)
    }

    /// Appends an event with its tags, unless an event of the condition is there. Who changed the index meanwhile, without
    /// such an event, is no reason: it is looked again.
    async fn append(&self, name: &'static str, tags: &[&str], unless: Option<Unless<'_>>) -> Result<(), Error> {
        loop {
            let mut transaction = self.begin();
            if let Some(unless) = unless {
                let found = self.query(&mut transaction, unless.tags).await?;
                if found.last().is_some_and(|(position, _)| *position > unless.after) {
                    let error = Error::new(ErrorKind::Conflict, "dcb/condition", "an event of the condition is there");
                    return Err(error.with("tags", unless.tags.join(" ")));
                }
            }
            match self.store.commit(self.tagged(transaction, name, tags)?).await {
                Err(error) if error.is_conflict() || error.is_transient() => {}
                answer => return answer.map(drop),
            }
        }
    }

    fn tagged(
        &self,
        mut transaction: Transaction,
        name: &'static str,
        tags: &[&str],
    ) -> Result<bailiwick::store::Commit, Error> {
        let id = Clock::system().message_id();
        for tag in tags {
            transaction.update(TAGS, *tag, move |tagged| tagged.push(id));
        }
        let (kind, time) = (EventKind::Domain, Clock::system().now());
        let metadata = Metadata { tenant: self.tenant.clone(), ..Metadata::default() };
        let payload = b"{}".as_slice().into();
        let event = Envelope { id, name: name.into(), version: 1, kind, time, key: None, metadata, payload };
        // Such an event belongs to no stream: it has one of its own.
        let stream = StreamId::new("dcb", id.to_string())?;
        transaction.staged_mut().appends.push(Append { stream, expected: Expected::NoStream, events: vec![event] });
        Ok(transaction.into_commit())
    }
}

on_every_store! {
    cases:
        an_event_of_the_condition_refuses_the_append
        events_without_the_tags_refuse_nothing
        several_tags_mean_events_with_all_of_them
        of_two_writers_with_one_condition_one_appends
        a_course_takes_no_more_than_its_seats
        a_tenant_has_tags_of_its_own;
}
