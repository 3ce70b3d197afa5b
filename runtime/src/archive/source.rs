//! Message ids of foreign data: the same record of the same file has the same id each time.

use std::io::Read;

use uuid::Builder;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::fault;
use crate::{
    envelope::{Envelope, Metadata},
    error::Error,
    event::Event,
    id::MessageId,
    timestamp::Timestamp,
};

/// A source of foreign data, by which its records are known when it is imported again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source(u128);

impl Source {
    /// A source by its name, such as the address of a feed.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(xxh3_128(name.as_bytes()))
    }

    /// A file by what is in it: two equal files are one source, whatever they are called.
    ///
    /// # Errors
    /// `archive/io` if it cannot be read.
    pub fn of(mut file: impl Read) -> Result<Self, Error> {
        let (mut sum, mut buffer) = (Xxh3::new(), vec![0; 64 << 10]);
        loop {
            let read = file.read(&mut buffer).map_err(fault::io)?;
            match buffer.get(..read) {
                Some(bytes) if !bytes.is_empty() => sum.update(bytes),
                _ => return Ok(Self(sum.digest128())),
            }
        }
    }

    /// The id of the `nth` event of a record, such as a line: a UUID of version 8, the same each time.
    #[must_use]
    pub fn message_id(&self, record: u64, nth: u32) -> MessageId {
        let mut bytes = [0; 28];
        let (source, rest) = bytes.split_at_mut(16);
        let (number, last) = rest.split_at_mut(8);
        source.copy_from_slice(&self.0.to_le_bytes());
        number.copy_from_slice(&record.to_le_bytes());
        last.copy_from_slice(&nth.to_le_bytes());
        MessageId::from_uuid(Builder::from_custom_bytes(xxh3_128(&bytes).to_be_bytes()).into_uuid())
    }

    /// The `nth` event of a record, with the id of [`message_id`](Self::message_id) and no metadata.
    ///
    /// # Errors
    /// `message/unencodable` if its `Serialize` refuses.
    pub fn envelope<E: Event>(&self, (record, nth): (u64, u32), at: Timestamp, event: &E) -> Result<Envelope, Error> {
        let spec = event.spec();
        Ok(Envelope {
            id: self.message_id(record, nth),
            name: spec.name.into(),
            version: spec.version,
            kind: spec.kind,
            time: at,
            key: event.key(),
            metadata: Metadata::default(),
            payload: event.encode()?.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn a_record_has_the_same_id_each_time() {
        let file = Source::of(&b"a,b\n1,2\n"[..]).unwrap();
        assert_eq!(file.message_id(2, 0).to_string(), "38bf4e20-ed6b-8ddf-bfbd-73d268fe449b");
        assert_eq!(Source::of(&b"a,b\n1,2\n"[..]).unwrap(), file);
        assert_eq!(Source::named("a,b\n1,2\n"), file);
        let ids = [(1, 0), (1, 1), (2, 0), (256, 0)].map(|(record, nth)| file.message_id(record, nth));
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    }
}
