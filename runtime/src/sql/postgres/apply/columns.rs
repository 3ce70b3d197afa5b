//! Envelopes as arrays, one for each column.

use sqlx::{Postgres, postgres::PgArguments, query::Query};

use super::super::super::words::{int, kind_number};
use crate::{
    envelope::Envelope,
    error::Error,
    id::Uuid,
    store::checksum::{Checksum, Columns as Summed},
};

/// A query that is being filled.
pub(super) type Filled<'a> = Query<'a, Postgres, PgArguments>;

/// Envelopes, in their order.
#[derive(Default)]
pub(super) struct Columns<'a> {
    message: Vec<Uuid>,
    name: Vec<&'a str>,
    schema: Vec<i64>,
    kind: Vec<i16>,
    time: Vec<i64>,
    key: Vec<Option<&'a str>>,
    metadata: Vec<Option<String>>,
    payload: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    pub(super) fn push(&mut self, envelope: &'a Envelope) -> Result<(), Error> {
        self.message.push(*envelope.id.as_uuid());
        self.name.push(&envelope.name);
        self.schema.push(envelope.version.into());
        self.kind.push(small(kind_number(envelope.kind)));
        self.time.push(envelope.time.as_micros());
        self.key.push(envelope.key.as_deref());
        self.metadata.push(json(envelope)?);
        self.payload.push(&envelope.payload);
        Ok(())
    }

    /// The checksum of the envelope that was pushed last, without its version.
    pub(super) fn checksum(&self, envelope: &Envelope, sum: Checksum) -> i64 {
        let metadata = self.metadata.last().and_then(Option::as_deref);
        int(sum.of(&Summed::new(envelope, metadata.map(str::as_bytes))))
    }

    /// Binds eight arrays.
    pub(super) fn bind(self, query: Filled<'a>) -> Filled<'a> {
        let query = query.bind(self.message).bind(self.name).bind(self.schema).bind(self.kind).bind(self.time);
        query.bind(self.key).bind(self.metadata).bind(self.payload)
    }
}

/// Binds the eight columns of one envelope.
pub(super) fn bind<'a>(query: Filled<'a>, envelope: &'a Envelope) -> Result<Filled<'a>, Error> {
    let query = query.bind(*envelope.id.as_uuid()).bind(&*envelope.name).bind(i64::from(envelope.version));
    let query = query.bind(small(kind_number(envelope.kind))).bind(envelope.time.as_micros());
    Ok(query.bind(envelope.key.as_deref()).bind(json(envelope)?).bind(&*envelope.payload))
}

fn json(envelope: &Envelope) -> Result<Option<String>, Error> {
    Ok(text(envelope.metadata.stored()?))
}

/// JSON as text.
pub(super) fn text(json: Option<Vec<u8>>) -> Option<String> {
    json.map(|json| String::from_utf8_lossy(&json).into_owned()) // JSON is UTF-8
}

/// The number of a word.
pub(super) fn small(number: i64) -> i16 {
    i16::try_from(number).unwrap_or(i16::MAX)
}
