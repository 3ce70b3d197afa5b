//! The checksum of a row of the log.
//!
//! The XXH3 hash (64 bits) of 96 bytes: those of the message id; schema, kind and time; the XXH3 hashes of tenant,
//! category, stream, name, key, metadata and payload, where an absent text is 0 and no tenant is an empty text. A number is 8
//! bytes, least significant first. Of the hash the lowest 62 bits count; to these the version is added, so that a
//! statement that gives the version gives the checksum, too. The tables keep this form for ever.
//!
//! It finds damage, no forgery: whoever can write the column can compute it. The position is not in it, so that an archive
//! has the same checksums; and nothing is left of a row that is gone: its stream has a gap, unless it was the last.

use xxhash_rust::xxh3::xxh3_64;

use crate::{
    envelope::{Envelope, EventKind, StreamId},
    error::Error,
    tenant::TenantId,
    version::Version,
};

/// Bits of the hash that count: a version is added without an overflow.
const MASK: u64 = (1 << 62) - 1;

/// The checksum of an event, as the stores keep it beside the event.
///
/// # Errors
/// As [`codec::encode`](crate::codec::encode), for the metadata.
pub fn checksum(
    tenant: Option<&TenantId>,
    stream: &StreamId,
    version: Version,
    envelope: &Envelope,
) -> Result<u64, Error> {
    let metadata = envelope.metadata.stored()?;
    let sum = Checksum::of_stream(tenant.map_or("", TenantId::as_str), stream);
    Ok(sum.of(&Columns::new(envelope, metadata.as_deref())).wrapping_add(version.get()))
}

/// What a row has beside its place, as it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) message: [u8; 16],
    pub(crate) name: &'a [u8],
    pub(crate) schema: i64,
    pub(crate) kind: i64,
    pub(crate) time: i64,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) metadata: Option<&'a [u8]>,
    pub(crate) payload: &'a [u8],
}

impl<'a> Columns<'a> {
    /// Those of an envelope whose metadata is written as this text.
    pub(crate) fn new(envelope: &'a Envelope, metadata: Option<&'a [u8]>) -> Self {
        Self {
            message: *envelope.id.as_uuid().as_bytes(),
            name: envelope.name.as_bytes(),
            schema: envelope.version.into(),
            kind: kind_number(envelope.kind),
            time: envelope.time.as_micros(),
            key: envelope.key.as_deref().map(str::as_bytes),
            metadata,
            payload: &envelope.payload,
        }
    }
}

/// The number of a kind in a column.
pub(crate) const fn kind_number(kind: EventKind) -> i64 {
    match kind {
        EventKind::Domain => 0,
        EventKind::Notification => 1,
        EventKind::StateTransfer => 2,
    }
}

/// Sums up the rows of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Checksum([u64; 3]);

impl Checksum {
    pub(crate) fn of_stream(tenant: &str, stream: &StreamId) -> Self {
        Self::of_parts(tenant.as_bytes(), stream.category().as_bytes(), stream.id().as_bytes())
    }

    pub(crate) fn of_parts(tenant: &[u8], category: &[u8], stream: &[u8]) -> Self {
        Self([tenant, category, stream].map(xxh3_64))
    }

    /// The checksum of a row without its version.
    pub(crate) fn of(&self, row: &Columns<'_>) -> u64 {
        let [tenant, category, stream] = self.0;
        let [schema, kind, time] = [row.schema, row.kind, row.time].map(i64::cast_unsigned);
        let [key, metadata] = [row.key, row.metadata].map(|text| text.map_or(0, xxh3_64));
        let (name, payload) = (xxh3_64(row.name), xxh3_64(row.payload));
        let numbers =
            [schema, kind, time, tenant, category, stream, name, key, metadata, payload].map(u64::to_le_bytes);
        let mut bytes = [0; 96];
        let (id, rest) = bytes.split_at_mut(row.message.len());
        id.copy_from_slice(&row.message);
        rest.copy_from_slice(numbers.as_flattened());
        xxh3_64(&bytes) & MASK
    }
}

#[cfg(test)]
mod tests {
    use super::checksum;
    use crate::{
        actor::Actor,
        envelope::{Envelope, EventKind, Metadata, StreamId},
        id::{MessageId, Uuid},
        tenant::TenantId,
        timestamp::Timestamp,
        version::Version,
    };

    fn envelope() -> Envelope {
        Envelope {
            id: MessageId::from_uuid(Uuid::from_u128(7)),
            name: "order.placed".into(),
            version: 2,
            kind: EventKind::Notification,
            time: Timestamp::from_micros(-5),
            key: Some("k".into()),
            metadata: Metadata { actor: Some(Actor::new("user-7")), ..Metadata::default() },
            payload: b"{\"total\":12}".to_vec().into(),
        }
    }

    #[test]
    fn the_checksum_stays_what_it_is_for_ever() {
        let (tenant, stream) = (TenantId::new("acme").unwrap(), StreamId::new("order", "1").unwrap());
        let of =
            |tenant, version, envelope: &Envelope| checksum(tenant, &stream, Version::new(version), envelope).unwrap();
        let full = of(Some(&tenant), 3, &envelope());
        let bare = Envelope { key: None, metadata: Metadata::default(), ..envelope() };
        assert_eq!(
            (full, of(None, 1, &bare)),
            (3_497_968_436_626_519_212, 3_971_534_796_038_089_004),
            "stored rows would no longer be found sound"
        );
        assert_eq!(of(Some(&tenant), 4, &envelope()), full + 1, "a statement adds the version");
    }

    #[test]
    fn each_part_is_in_the_checksum_at_its_own_place() {
        let stream = StreamId::new("order", "1").unwrap();
        let of = |envelope: &Envelope| checksum(None, &stream, Version::new(1), envelope).unwrap();
        let shifted =
            |name: &'static str, key: &str| Envelope { name: name.into(), key: Some(key.into()), ..envelope() };
        let sums = [
            of(&envelope()),
            of(&Envelope { key: None, ..envelope() }),
            of(&Envelope { key: Some(String::new()), ..envelope() }),
            of(&Envelope { version: 3, ..envelope() }),
            of(&Envelope { kind: EventKind::Domain, ..envelope() }),
            of(&Envelope { time: Timestamp::from_micros(-4), ..envelope() }),
            of(&Envelope { metadata: Metadata::default(), ..envelope() }),
            of(&Envelope { payload: Vec::new().into(), ..envelope() }),
            of(&shifted("order.place", "dk")),
            checksum(None, &StreamId::new("orde", "r1").unwrap(), Version::new(1), &envelope()).unwrap(),
        ];
        assert_eq!(sums.iter().collect::<std::collections::BTreeSet<_>>().len(), sums.len());
    }
}
