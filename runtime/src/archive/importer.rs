//! Events in bulk, many in one commit.

use std::collections::HashMap;

use super::{fault, options::Options};
use crate::{
    envelope::{Envelope, StreamId},
    error::Error,
    id::MessageId,
    store::{AnyStore, Append, Commit, LogEvent, checksum},
    tenant::TenantId,
    version::{ConcurrencyConflict, Expected, Version},
};

/// A commit takes no more once it has so many bytes.
const BYTES: usize = 4 << 20;
/// About what an event takes beside its payload.
const EVENT: usize = 256;

/// What became of the events of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Written.
    pub added: u64,
    /// Skipped: they were there.
    pub present: u64,
}

/// Brings foreign data into a store: the events of many streams in one commit, each once, however often it is run.
///
/// An event is known by its message id: [`Source::message_id`](super::Source::message_id) makes one out of file and record. Events
/// of a stream follow what it holds. An import that was killed is run again from the start of its source: what is there is
/// skipped. Memory holds one commit.
///
/// ```
/// use bailiwick::{Event, Timestamp, archive::{Importer, Source}, envelope::StreamId};
/// # use bailiwick::store::{AnyStore, MemoryStore};
/// #[derive(Event, serde::Serialize, serde::Deserialize)]
/// #[event(name = "account.deposited")]
/// struct Deposited { cents: u64 }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let store = AnyStore::new(MemoryStore::new());
/// let csv = "7,1200\n8,350\n7,90\n7,90\n";
/// let source = Source::of(csv.as_bytes())?;
/// for _again in 0..2 {
///     let mut importer = Importer::new(&store);
///     for (line, record) in (1..).zip(csv.lines()) {
///         let (account, cents) = record.split_once(',').unwrap();
///         let deposited = Deposited { cents: cents.parse().unwrap() };
///         let event = source.envelope((line, 0), Timestamp::from_micros(0), &deposited)?;
///         importer.push(None, StreamId::new("account", account)?, vec![event]).await?;
///     }
///     importer.finish().await?;
/// }
/// assert_eq!(store.counts().await?.events, 4);
/// # Ok::<(), bailiwick::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "what is left of the last commit is written by `finish`"]
pub struct Importer {
    store: AnyStore,
    most: usize,
    items: Vec<Item>,
    bytes: usize,
    pushed: u64,
    /// Whether the last commit met what was there: then the next asks first.
    ask: bool,
    done: Imported,
}

/// An event on its way.
#[derive(Debug)]
pub(super) struct Item {
    /// The number of its line, or of the event in the import.
    pub(super) line: u64,
    pub(super) tenant: Option<TenantId>,
    pub(super) stream: StreamId,
    /// Its place, if that is given.
    pub(super) version: Option<Version>,
    pub(super) envelope: Envelope,
}

impl Importer {
    /// An import that writes 1,000 events, or 4 MiB, in a commit.
    pub fn new(store: &AnyStore) -> Self {
        Self::with(store, &Options::new())
    }

    pub(super) fn with(store: &AnyStore, options: &Options) -> Self {
        let (store, most) = (store.clone(), options.batch);
        Self { store, most, items: Vec::new(), bytes: 0, pushed: 0, ask: true, done: Imported::default() }
    }

    /// So many events are written in one commit; at least 1.
    pub fn batch(self, events: usize) -> Self {
        Self { most: events.max(1), ..self }
    }

    /// Adds events to the end of a stream, and writes if a commit is full.
    ///
    /// # Errors
    /// `archive/different` if another event has the id of one; what the store answers. Then the import is at its end; what
    /// was written stays.
    ///
    /// # Cancel safety
    /// Dropped before its end, it may have written; run the import again.
    pub async fn push(
        &mut self,
        tenant: Option<TenantId>,
        stream: StreamId,
        events: Vec<Envelope>,
    ) -> Result<(), Error> {
        for envelope in events {
            self.pushed += 1;
            let (line, tenant, stream) = (self.pushed, tenant.clone(), stream.clone());
            self.add(Item { line, tenant, stream, version: None, envelope }).await?;
        }
        Ok(())
    }

    /// Writes the rest.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    ///
    /// # Cancel safety
    /// As [`push`](Self::push).
    pub async fn finish(mut self) -> Result<Imported, Error> {
        self.flush().await?;
        Ok(self.done)
    }

    /// Takes an event; says whether something was written.
    pub(super) async fn add(&mut self, item: Item) -> Result<bool, Error> {
        self.bytes += EVENT + item.envelope.payload.len();
        self.items.push(item);
        let full = self.items.len() >= self.most || self.bytes >= BYTES;
        if full {
            self.flush().await?;
        }
        Ok(full)
    }

    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        self.bytes = 0;
        for items in by_tenant(std::mem::take(&mut self.items)) {
            self.write(items).await?;
        }
        Ok(())
    }

    /// Writes events of one tenant: all before the first that is refused.
    async fn write(&mut self, mut items: Vec<Item>) -> Result<(), Error> {
        let mut refused = None;
        loop {
            let asked = self.ask;
            if asked {
                let before = items.len();
                refused = self.skip(&mut items).await?.or(refused);
                self.ask = items.len() < before;
            }
            let Err(error) = self.commit(&items).await else {
                self.done.added += items.len() as u64;
                return refused.map_or(Ok(()), Err);
            };
            match (error.code(), error.cause::<ConcurrencyConflict>()) {
                ("store/duplicate_event" | "store/conflict", _) if !asked => self.ask = true,
                (_, Some(conflict)) => refused = Some(cut(&mut items, conflict)),
                _ => return Err(error),
            }
        }
    }

    /// Takes out what is there, and all from the first event on that cannot be written.
    async fn skip(&mut self, items: &mut Vec<Item>) -> Result<Option<Error>, Error> {
        let mut stored = self.stored(items.iter().map(|item| item.envelope.id).collect()).await?;
        let mut kept = Vec::with_capacity(items.len());
        let mut heads: HashMap<StreamId, Version> = HashMap::new();
        for item in std::mem::take(items) {
            let place = item.place()?;
            match stored.get(&item.envelope.id) {
                Some(stored) if lies_at(&place, stored) => {
                    self.done.present += 1;
                    continue;
                }
                Some(_) => return Ok(Some(item.different())).inspect(|_| *items = kept),
                None => {}
            }
            let head = item.version.and_then(|version| heads.insert(item.stream.clone(), version));
            if head.zip(item.version).is_some_and(|(head, version)| version != head.plus(1)) {
                return Ok(Some(item.gap())).inspect(|_| *items = kept);
            }
            stored.insert(item.envelope.id, place);
            kept.push(item);
        }
        *items = kept;
        Ok(None)
    }

    async fn stored(&self, ids: Vec<MessageId>) -> Result<HashMap<MessageId, Place>, Error> {
        let places = self.store.find(ids).await?.into_iter().map(|row| {
            let LogEvent { tenant, checksum, event } = row.event?;
            let sum = checksum.wrapping_sub(event.version.get());
            Ok((event.envelope.id, (tenant, event.stream, Some(event.version), sum)))
        });
        places.collect()
    }

    async fn commit(&self, items: &[Item]) -> Result<(), Error> {
        let Some(first) = items.first() else { return Ok(()) };
        let mut appends: Vec<Append> = Vec::new();
        let mut next = None;
        for item in items {
            let follows = item.version == next;
            next = item.version.map(|version| version.plus(1));
            match appends.last_mut().filter(|last| follows && last.stream == item.stream) {
                Some(last) => last.events.push(item.envelope.clone()),
                None => appends.push(item.append()),
            }
        }
        self.store.commit(Commit { tenant: first.tenant.clone(), appends, ..Commit::default() }).await.map(drop)
    }

    pub(super) fn done(&self) -> Imported {
        self.done
    }
}

/// Tenant, stream, version if it is given, checksum without the version.
type Place = (Option<TenantId>, StreamId, Option<Version>, u64);

impl Item {
    fn place(&self) -> Result<Place, Error> {
        let sum = checksum(self.tenant.as_ref(), &self.stream, Version::NONE, &self.envelope)?;
        Ok((self.tenant.clone(), self.stream.clone(), self.version, sum))
    }

    fn append(&self) -> Append {
        let expected = match self.version.map(Version::get) {
            None => Expected::Any,
            Some(0 | 1) => Expected::NoStream,
            Some(version) => Expected::Version(Version::new(version - 1)),
        };
        Append { stream: self.stream.clone(), expected, events: vec![self.envelope.clone()] }
    }

    fn number(&self) -> u64 {
        self.version.unwrap_or_default().get()
    }

    fn gap(&self) -> Error {
        fault::gap(self.line, &self.stream, self.number())
    }

    fn different(&self) -> Error {
        fault::different(self.line, &self.stream, self.number())
    }
}

/// Whether an event is the one that is stored.
fn lies_at((tenant, stream, version, sum): &Place, stored: &Place) -> bool {
    let there = version.is_none() || *version == stored.2;
    there && *tenant == stored.0 && *stream == stored.1 && *sum == stored.3
}

/// Ends a batch before the event that is in the way of others; why.
fn cut(items: &mut Vec<Item>, conflict: &ConcurrencyConflict) -> Error {
    let own = |item: &Item| item.append().expected == conflict.expected && item.stream.to_string() == conflict.stream;
    let at = items.iter().position(own).unwrap_or(0);
    let error =
        items.get(at).map(|item| if conflict.actual.get() < item.number() { item.gap() } else { item.different() });
    items.truncate(at);
    error.unwrap_or_else(|| conflict.clone().into())
}

/// The events of each tenant in their order, the tenants as they come.
fn by_tenant(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in items {
        let own = |group: &&mut Vec<Item>| group.first().is_some_and(|first| first.tenant == item.tenant);
        match groups.iter_mut().find(own) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}
