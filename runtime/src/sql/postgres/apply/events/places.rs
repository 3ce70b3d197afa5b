//! Single events at the places at which their writers believe the streams to end, which is what most commits append. The key
//! of an event says whether its place is free: there is nothing to look for, to join or to group.

use std::collections::HashMap;

use sqlx::{PgConnection, Row};

use super::{Appended, Batch, Filled, number};
use crate::{
    id::Uuid,
    sql::postgres::classify::Failure,
    version::{Position, Version},
};

macro_rules! into_places {
    ($rows:literal, $answer:literal) => {
        concat!(
            "INSERT INTO bw_event
                (tenant, category, stream, version, checksum, message, name, schema, kind, time, key, metadata, payload) ",
            $rows,
            " ON CONFLICT (stream, category, tenant, version) DO NOTHING RETURNING ",
            $answer
        )
    };
}

/// The first event of a stream.
const FIRST: &str =
    into_places!("VALUES ($1, $2, $3, $4 + 1, $5 + $4 + 1, $6, $7, $8, $9, $10, $11, $12, $13)", "position");

/// Events of different streams; one that is not the first stands behind one that is there.
const PLACES: &str = into_places!(
    "SELECT i.tenant, i.category, i.stream, i.expected + 1, i.sum + i.expected + 1,
        i.message, i.name, i.schema, i.kind, i.time, i.key, i.metadata, i.payload
    FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::uuid[], $7::text[], $8::int8[],
            $9::int2[], $10::int8[], $11::text[], $12::text[], $13::bytea[])
        AS i (tenant, category, stream, expected, sum, message, name, schema, kind, time, key, metadata, payload)
    WHERE i.expected = 0 OR EXISTS (SELECT FROM bw_event e WHERE e.stream = i.stream AND e.category = i.category
        AND e.tenant = i.tenant AND e.version = i.expected)",
    "message, position"
);

impl<'a> Batch<'a> {
    /// Writes a single event that begins a stream; nothing if the batch is something else, or the stream is there.
    pub(super) async fn first(&self, db: &mut PgConnection) -> Result<Option<Appended>, Failure> {
        let ([append], [0], true) = (&self.appends[..], &self.expected[..], self.topic.is_empty()) else {
            return Ok(None);
        };
        let [event] = &append.events[..] else { return Ok(None) };
        // All rows are fetched: with the last comes the word that the statement was committed.
        let rows = self.single(append, event, FIRST)?.fetch_all(db).await.map_err(Failure::of_commit)?;
        rows.first().map(|row| Ok(at(Version::NONE, Position::new(number(row, 0)?)))).transpose()
    }

    /// Whether it is single events of units of their own, whose writers know their places.
    pub(super) fn has_places(&self) -> bool {
        let units = self.unit.windows(2).all(|pair| pair[0] != pair[1]);
        let single = self.appends.iter().all(|append| append.events.len() == 1);
        let known = self.expected.iter().all(|expected| *expected >= 0);
        self.appends.len() > 1 && self.topic.is_empty() && units && single && known
    }

    /// Writes each event whose place is free.
    pub(super) async fn at_places(self, db: &mut PgConnection) -> Result<Vec<Option<Appended>>, Failure> {
        let (appends, expected) = (self.appends.clone(), self.expected.clone());
        let rows = self.places().fetch_all(db).await.map_err(Failure::of_commit)?;
        let mut positions = HashMap::with_capacity(rows.len());
        for row in &rows {
            positions.insert(row.try_get::<Uuid, _>(0)?, Position::new(number(row, 1)?));
        }
        let placed = appends.iter().zip(expected).map(|(append, expected)| {
            let position = append.events.first().and_then(|event| positions.get(event.id.as_uuid()));
            position.map(|position| at(Version::new(expected.unsigned_abs()), *position))
        });
        Ok(placed.collect())
    }

    fn places(self) -> Filled<'a> {
        let category: Vec<&str> = self.appends.iter().map(|append| append.stream.category()).collect();
        let stream: Vec<&str> = self.appends.iter().map(|append| append.stream.id()).collect();
        let query: Filled<'_> = sqlx::query(PLACES);
        let query = query.bind(self.tenant).bind(category).bind(stream).bind(self.expected);
        self.events.bind(query.bind(self.sum))
    }
}

const fn at(head: Version, position: Position) -> Appended {
    Appended { head, last: Some((head.plus(1), position)) }
}
