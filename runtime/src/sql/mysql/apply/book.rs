//! What is known of the streams while the commits of a transaction are applied, and the rows that are written at its end.

use std::collections::{HashMap, HashSet};

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::{
    super::{
        super::{server::not_migrated, words},
        classify::Failure,
        limits::weight,
        rows::{id, message, number},
        shapes::{Filled, lists, padded, repeat, slices},
    },
    outbox,
};
use crate::{
    envelope::{Envelope, StreamId},
    error::Error,
    id::{MessageId, Uuid},
    store::{
        Append, Commit, OutboxMessage,
        checksum::{Checksum, Columns},
        refusal,
    },
    version::{Position, Version},
};

/// The streams that are looked up in one statement at most.
const STREAMS: usize = 64;

type Stream<'a> = (&'a str, &'a StreamId);

/// Streams, positions and revisions as they are at this point of a transaction that has the turn.
pub(in super::super) struct Book<'a> {
    packet: usize,
    heads: HashMap<Stream<'a>, u64>,
    position: u64,
    revision: u64,
    /// The mark of the last transaction before this one.
    before: Vec<u8>,
    /// Ids of this transaction's events, and of stored ones where it was asked for them.
    ids: HashSet<MessageId>,
    events: Vec<Event<'a>>,
    messages: Vec<&'a OutboxMessage>,
    /// Whether the commit at hand has written, and whether any has.
    wrote: bool,
    wrote_ever: bool,
}

struct Event<'a> {
    stream: Stream<'a>,
    version: u64,
    position: u64,
    envelope: &'a Envelope,
}

/// How a transaction is ended, and by what it is known afterwards.
#[derive(Debug, Clone)]
pub(in super::super) struct Ending {
    position: u64,
    revision: u64,
    pub(in super::super) mark: Uuid,
    pub(in super::super) before: Vec<u8>,
    /// One of its events.
    pub(in super::super) event: Option<MessageId>,
}

impl Ending {
    /// The last two statements of the transaction, in one round trip.
    pub(in super::super) fn statements(&self) -> String {
        let Self { position, revision, mark, .. } = self;
        let mark = mark.simple();
        format!(
            "UPDATE bw_turn SET position = {position}, revision = {revision}, mark = x'{mark}' WHERE no = 1; COMMIT"
        )
    }
}

impl<'a> Book<'a> {
    /// Waits for the turn, and looks where the streams are.
    pub(in super::super) async fn open(
        db: &mut MySqlConnection,
        packet: usize,
        commits: &[&'a Commit],
    ) -> Result<Self, Failure> {
        let streams = streams(commits);
        let (first, rest) = streams.split_at(streams.len().min(STREAMS));
        let row = ask(db, "SELECT position, revision, mark", first, " FROM bw_turn WHERE no = 1 FOR UPDATE").await?;
        let mut book = Self {
            packet,
            heads: HashMap::new(),
            position: number(&row, 0)?,
            revision: number(&row, 1)?,
            before: row.try_get(2)?,
            ids: HashSet::new(),
            events: Vec::new(),
            messages: Vec::new(),
            wrote: false,
            wrote_ever: false,
        };
        book.note(&row, 3, first)?;
        for chunk in rest.chunks(STREAMS) {
            book.note(&ask(db, "SELECT 0", chunk, "").await?, 1, chunk)?;
        }
        Ok(book)
    }

    fn note(&mut self, row: &MySqlRow, column: usize, streams: &[Stream<'a>]) -> Result<(), Failure> {
        for (column, stream) in (column..).zip(streams) {
            self.heads.insert(*stream, number(row, column)?);
        }
        Ok(())
    }

    /// Learns which ids of the commits' events are stored already.
    pub(in super::super) async fn learn_ids(
        &mut self,
        db: &mut MySqlConnection,
        commits: &[&Commit],
    ) -> Result<(), Failure> {
        let events = commits.iter().flat_map(|commit| &commit.appends).flat_map(|append| &append.events);
        let asked: Vec<MessageId> = events.map(|event| event.id).collect();
        for (places, ids) in lists(&asked) {
            let query = repeat("SELECT message FROM bw_event WHERE message IN (", "?", places, ")");
            let query = padded(ids, places).fold(query, |query, asked| query.bind(id(asked)));
            for row in &query.fetch_all(&mut *db).await? {
                self.ids.insert(message(row, 0)?);
            }
        }
        Ok(())
    }

    /// As many bytes a statement has at most.
    pub(super) const fn packet(&self) -> usize {
        self.packet
    }

    /// The position of the newest event, written or about to be.
    pub(super) const fn head(&self) -> Position {
        Position::new(self.position)
    }

    /// The next commit begins.
    pub(super) const fn begin(&mut self) {
        self.wrote = false;
    }

    /// The commit at hand writes.
    pub(in super::super) const fn write(&mut self) {
        (self.wrote, self.wrote_ever) = (true, true);
    }

    /// Whether the commit at hand has written.
    pub(in super::super) const fn wrote(&self) -> bool {
        self.wrote
    }

    /// A revision that no row has had.
    pub(super) const fn next_revision(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// Each stream is where its writer believes, also when one commit appends to it several times, and each id is new:
    /// the versions of the streams after the appends.
    pub(super) fn admit(&self, tenant: &str, appends: &[Append]) -> Result<Vec<u64>, Error> {
        let mut grown: HashMap<&StreamId, u64> = HashMap::new();
        let mut own = HashSet::new();
        let mut versions = Vec::new();
        for append in appends.iter().filter(|append| !append.events.is_empty()) {
            let stored = self.heads.get(&(tenant, &append.stream)).copied().unwrap_or(0);
            let head = grown.get(&append.stream).copied().unwrap_or(stored);
            if !append.expected.admits(Version::new(head)) {
                return Err(refusal::conflict(append, Version::new(head)));
            }
            let mut ids = append.events.iter().map(|event| event.id);
            if let Some(id) = ids.find(|id| self.ids.contains(id) || !own.insert(*id)) {
                return Err(refusal::duplicate_event(id));
            }
            let version = head + append.events.len() as u64;
            grown.insert(&append.stream, version);
            versions.push(version);
        }
        Ok(versions)
    }

    /// Takes over the events and messages of a commit that was admitted.
    pub(super) fn enter(&mut self, tenant: &'a str, commit: &'a Commit, grown: Vec<u64>) -> Vec<(Version, Position)> {
        let appends = commit.appends.iter().filter(|append| !append.events.is_empty());
        let mut places = Vec::new();
        for (append, version) in appends.zip(grown) {
            let stream = (tenant, &append.stream);
            let first = version - append.events.len() as u64 + 1;
            for (version, envelope) in (first..).zip(&append.events) {
                self.position += 1;
                self.ids.insert(envelope.id);
                self.events.push(Event { stream, version, position: self.position, envelope });
            }
            self.heads.insert(stream, version);
            places.push((Version::new(version), Position::new(self.position)));
        }
        self.messages.extend(&commit.outbox);
        places
    }

    /// Writes what was taken over. How the transaction is to be ended; `None` if it has written nothing.
    pub(in super::super) async fn close(self, db: &mut MySqlConnection, mark: Uuid) -> Result<Option<Ending>, Failure> {
        for events in slices(&self.events, self.packet, |event| weight(event.envelope)) {
            let query = repeat(
                "INSERT INTO bw_event (position, version, checksum, tenant, category, stream,
                    message, name, `schema`, kind, time, `key`, metadata, payload) VALUES ",
                "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                events.len(),
                "",
            );
            events.iter().try_fold(query, bind)?.execute(&mut *db).await?;
        }
        outbox::add(db, self.packet, &self.messages).await?;
        if self.events.is_empty() && self.messages.is_empty() && !self.wrote_ever {
            return Ok(None);
        }
        let event = self.events.last().map(|event| event.envelope.id);
        let Self { position, revision, before, .. } = self;
        Ok(Some(Ending { position, revision, mark, before, event }))
    }
}

fn bind<'q>(query: Filled<'q>, event: &Event<'_>) -> Result<Filled<'q>, Error> {
    let (tenant, stream) = event.stream;
    let (category, id) = (stream.category().as_bytes(), stream.id().as_bytes());
    let metadata = event.envelope.metadata.stored()?;
    let sum = Checksum::of_stream(tenant, stream).of(&Columns::new(event.envelope, metadata.as_deref()));
    let query = query
        .bind(words::int(event.position))
        .bind(words::int(event.version))
        .bind(words::int(sum.wrapping_add(event.version)));
    let query = query.bind(tenant.as_bytes()).bind(category).bind(id);
    Ok(outbox::bind(query, event.envelope, metadata))
}

/// The streams to which commits append, each once.
fn streams<'a>(commits: &[&'a Commit]) -> Vec<Stream<'a>> {
    let mut streams: Vec<Stream<'a>> = Vec::new();
    let mut seen = HashSet::new();
    for commit in commits {
        let tenant = words::tenant(commit.tenant.as_ref());
        let own = commit.appends.iter().filter(|append| !append.events.is_empty());
        streams.extend(own.map(|append| (tenant, &append.stream)).filter(|stream| seen.insert(*stream)));
    }
    streams
}

/// Asks for some columns and the versions of streams. The shapes are few: the last stream fills what is left of one.
async fn ask(db: &mut MySqlConnection, head: &str, streams: &[Stream<'_>], tail: &str) -> Result<MySqlRow, Failure> {
    let column = "(SELECT coalesce(max(version), 0) FROM bw_event WHERE stream = ? AND category = ? AND tenant = ?)";
    let places = if streams.is_empty() { 0 } else { streams.len().next_power_of_two() };
    let head = if places == 0 { head.to_owned() } else { format!("{head},") };
    let mut query = repeat(&head, column, places, tail);
    for (tenant, stream) in padded(streams, places) {
        query = query.bind(stream.id().as_bytes()).bind(stream.category().as_bytes()).bind(tenant.as_bytes());
    }
    // All rows are fetched: with the last comes the word that the turn was had.
    let mut rows = query.fetch_all(db).await?;
    rows.pop().ok_or_else(|| not_migrated("").into())
}
