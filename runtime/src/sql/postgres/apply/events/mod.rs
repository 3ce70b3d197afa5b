//! Appends events, and adds to the outbox what goes with them: any number of streams in one statement.

mod places;

use sqlx::{PgConnection, Row, postgres::PgRow};

use super::{
    super::{
        super::words::int,
        classify::Failure,
        rows::{message, number},
    },
    columns::{Columns, Filled, bind},
};
use crate::{
    envelope::Envelope,
    error::Error,
    id::{MessageId, Uuid},
    store::{Append, OutboxMessage, checksum::Checksum, refusal},
    version::{Expected, Position, Version},
};

/// Units of work, each of which is written wholly or, if one of its streams is elsewhere, not at all. The streams differ.
#[derive(Default)]
pub(in super::super) struct Batch<'a> {
    appends: Vec<&'a Append>,
    unit: Vec<i32>,
    tenant: Vec<&'a str>,
    expected: Vec<i64>,
    append: Vec<i64>,
    nth: Vec<i64>,
    sum: Vec<i64>,
    events: Columns<'a>,
    topic: Vec<&'a str>,
    sender: Vec<i32>,
    messages: Columns<'a>,
}

/// What became of an append.
#[derive(Clone, Copy)]
pub(in super::super) struct Appended {
    /// The version of the stream before it.
    pub(in super::super) head: Version,
    /// The version and the position of its last event; `None` if its unit was refused.
    pub(in super::super) last: Option<(Version, Position)>,
}

/// The streams with their versions, those that refuse, and the events of the others. Positions are drawn in the order of
/// the events.
macro_rules! events {
    () => {
        "WITH a AS MATERIALIZED (
            SELECT t.*, coalesce((SELECT max(version) FROM bw_event e
                WHERE e.stream = t.stream AND e.category = t.category AND e.tenant = t.tenant), 0) AS head
            FROM unnest($1::int4[], $2::text[], $3::text[], $4::text[], $5::int8[])
                WITH ORDINALITY AS t (unit, tenant, category, stream, expected, no)),
        r AS MATERIALIZED (SELECT unit FROM a WHERE expected >= 0 AND expected <> head),
        e AS (INSERT INTO bw_event
                (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload, checksum)
            SELECT a.tenant, a.category, a.stream, a.head + i.nth,
                i.message, i.name, i.schema, i.kind, i.time, i.key, i.metadata, i.payload, i.sum + a.head + i.nth
            FROM unnest($6::int8[], $7::int8[], $8::int8[], $9::uuid[], $10::text[], $11::int8[], $12::int2[],
                    $13::int8[], $14::text[], $15::text[], $16::bytea[])
                WITH ORDINALITY AS i (append, nth, sum, message, name, schema, kind, time, key, metadata, payload, no)
            JOIN a ON a.no = i.append
            WHERE a.unit NOT IN (SELECT unit FROM r)
            ORDER BY i.no
            RETURNING tenant, category, stream, version, position)"
    };
}

macro_rules! messages {
    () => {
        ", o AS (INSERT INTO bw_outbox (topic, message, name, schema, kind, time, key, metadata, payload)
            SELECT topic, message, name, schema, kind, time, key, metadata, payload
            FROM unnest($17::int4[], $18::text[], $19::uuid[], $20::text[], $21::int8[], $22::int2[], $23::int8[],
                    $24::text[], $25::text[], $26::bytea[])
                WITH ORDINALITY AS m (unit, topic, message, name, schema, kind, time, key, metadata, payload, no)
            WHERE m.unit NOT IN (SELECT unit FROM r)
            ORDER BY m.no)"
    };
}

macro_rules! answer {
    () => {
        " SELECT a.head, max(e.version), max(e.position) FROM a LEFT JOIN e USING (tenant, category, stream)
        GROUP BY a.no, a.head ORDER BY a.no"
    };
}

const EVENTS: &str = concat!(events!(), answer!());
const EVENTS_AND_MESSAGES: &str = concat!(events!(), messages!(), answer!());

/// One event, wherever its stream ends: nothing to join, sort or group.
const ONE: &str = "WITH h AS MATERIALIZED (SELECT coalesce(max(version), 0) AS head FROM bw_event
        WHERE stream = $3 AND category = $2 AND tenant = $1),
    e AS (INSERT INTO bw_event
            (tenant, category, stream, version, checksum, message, name, schema, kind, time, key, metadata, payload)
        SELECT $1, $2, $3, h.head + 1, $5 + h.head + 1, $6, $7, $8, $9, $10, $11, $12, $13 FROM h
        WHERE $4 < 0 OR h.head = $4
        RETURNING version, position)
    SELECT h.head, e.version, e.position FROM h LEFT JOIN e ON true";

/// Events of one stream.
const STREAM: &str = "WITH h AS MATERIALIZED (SELECT coalesce(max(version), 0) AS head FROM bw_event
        WHERE stream = $3 AND category = $2 AND tenant = $1),
    e AS (INSERT INTO bw_event
            (tenant, category, stream, version, checksum, message, name, schema, kind, time, key, metadata, payload)
        SELECT $1, $2, $3, h.head + i.nth, i.sum + h.head + i.nth,
            i.message, i.name, i.schema, i.kind, i.time, i.key, i.metadata, i.payload
        FROM h, unnest($5::int8[], $6::uuid[], $7::text[], $8::int8[], $9::int2[], $10::int8[], $11::text[], $12::text[],
                $13::bytea[])
            WITH ORDINALITY AS i (sum, message, name, schema, kind, time, key, metadata, payload, nth)
        WHERE $4 < 0 OR h.head = $4
        ORDER BY i.nth
        RETURNING version, position)
    SELECT h.head, max(e.version), max(e.position) FROM h LEFT JOIN e ON true GROUP BY h.head";

impl<'a> Batch<'a> {
    /// Adds an append of a unit.
    pub(in super::super) fn append(&mut self, unit: i32, tenant: &'a str, append: &'a Append) -> Result<(), Error> {
        self.appends.push(append);
        self.unit.push(unit);
        self.tenant.push(tenant);
        self.expected.push(match append.expected {
            Expected::Any => -1,
            Expected::NoStream => 0,
            Expected::Version(version) => int(version.get()),
        });
        let number = int(self.appends.len() as u64);
        let sum = Checksum::of_stream(tenant, &append.stream);
        for (nth, envelope) in (1..).zip(&append.events) {
            self.append.push(number);
            self.nth.push(nth);
            self.events.push(envelope)?;
            self.sum.push(self.events.checksum(envelope, sum));
        }
        Ok(())
    }

    /// Adds outbox messages of a unit.
    pub(in super::super) fn send(&mut self, unit: i32, messages: &'a [OutboxMessage]) -> Result<(), Error> {
        for message in messages {
            self.sender.push(unit);
            self.topic.push(&message.topic);
            self.messages.push(&message.envelope)?;
        }
        Ok(())
    }

    /// Writes everything with one statement; an answer for each append, or `None` for one of which nothing is written because
    /// its stream ends elsewhere: that comes of more than one append only. Outside of a transaction it is committed.
    pub(in super::super) async fn write(self, db: &mut PgConnection) -> Result<Vec<Option<Appended>>, Failure> {
        if let Some(first) = self.first(db).await? {
            return Ok(vec![Some(first)]);
        }
        if self.has_places() {
            return self.at_places(db).await;
        }
        // All rows are fetched: with the last comes the word that the statement was committed.
        let rows = self.query()?.fetch_all(db).await.map_err(Failure::of_commit)?;
        rows.iter().map(|row| appended(row).map(Some)).collect()
    }

    fn query(self) -> Result<Filled<'a>, Error> {
        let [append] = self.appends[..] else { return Ok(self.streams()) };
        match &append.events[..] {
            _ if !self.topic.is_empty() => Ok(self.streams()),
            [event] => self.single(append, event, ONE),
            _ => {
                let shape = self.shape(append, STREAM);
                Ok(self.events.bind(shape.bind(self.sum)))
            }
        }
    }

    fn single(&self, append: &'a Append, event: &'a Envelope, text: &'static str) -> Result<Filled<'a>, Error> {
        bind(self.sum.iter().fold(self.shape(append, text), |query, sum| query.bind(*sum)), event)
    }

    fn shape(&self, append: &'a Append, text: &'static str) -> Filled<'a> {
        let query: Filled<'a> = sqlx::query(text);
        let query = self.tenant.iter().fold(query, |query, tenant| query.bind(*tenant));
        let query = query.bind(append.stream.category()).bind(append.stream.id());
        self.expected.iter().fold(query, |query, expected| query.bind(*expected))
    }

    fn streams(self) -> Filled<'a> {
        let category: Vec<&str> = self.appends.iter().map(|append| append.stream.category()).collect();
        let stream: Vec<&str> = self.appends.iter().map(|append| append.stream.id()).collect();
        let alone = self.topic.is_empty();
        let query: Filled<'_> = sqlx::query(if alone { EVENTS } else { EVENTS_AND_MESSAGES });
        let query = query.bind(self.unit).bind(self.tenant).bind(category).bind(stream);
        let mut query = self.events.bind(query.bind(self.expected).bind(self.append).bind(self.nth).bind(self.sum));
        if !alone {
            query = self.messages.bind(query.bind(self.sender).bind(self.topic));
        }
        query
    }
}

fn appended(row: &PgRow) -> Result<Appended, Failure> {
    let last = match row.try_get::<Option<i64>, _>(1)? {
        None => None,
        Some(_) => Some((Version::new(number(row, 1)?), Position::new(number(row, 2)?))),
    };
    Ok(Appended { head: Version::new(number(row, 0)?), last })
}

/// Appends inside a transaction.
pub(super) async fn append(
    db: &mut PgConnection,
    tenant: &str,
    append: &Append,
) -> Result<(Version, Position), Failure> {
    let mut batch = Batch::default();
    batch.append(0, tenant, append)?;
    let appended = batch.write(db).await?;
    match appended.first() {
        Some(Some(Appended { last: Some(last), .. })) => Ok(*last),
        Some(Some(Appended { head, .. })) => Err(refusal::conflict(append, *head).into()),
        Some(None) | None => Err(sqlx::Error::RowNotFound.into()),
    }
}

/// The error of a message id that is stored already.
pub(in super::super) async fn duplicate(db: &mut PgConnection, appends: &[Append]) -> Result<Error, Failure> {
    let ids = || appends.iter().flat_map(|append| &append.events).map(|event| event.id);
    let stored = "SELECT message FROM bw_event WHERE message = ANY ($1) LIMIT 1";
    let asked: Vec<Uuid> = ids().map(|id| *id.as_uuid()).collect();
    let found = sqlx::query(stored).bind(asked).fetch_optional(db).await?;
    let found: Option<MessageId> = found.map(|row| message(&row, 0)).transpose()?;
    Ok(refusal::duplicate_event(found.or_else(|| twice(ids())).unwrap_or_else(|| MessageId::from_uuid(Uuid::nil()))))
}

fn twice(mut ids: impl Iterator<Item = MessageId>) -> Option<MessageId> {
    let mut seen = std::collections::HashSet::new();
    ids.find(|id| !seen.insert(*id))
}
