//! Message ids of foreign data: the same record of the same file has the same id each time.

use std::io::Read;

use uuid::Builder;
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

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

    /// The id of the `nth` event of a record, such as a line: a UUID of version 8, the same each time. It begins with the
    /// numbers, so that the ids of a source ascend and an index of them grows at its end.
    #[must_use]
    pub fn message_id(&self, record: u64, nth: u32) -> MessageId {
        let numbers = [record.to_be_bytes(), u64::from(nth).to_be_bytes()];
        let mut whole = [0; 32];
        let (source, rest) = whole.split_at_mut(16);
        source.copy_from_slice(&self.0.to_be_bytes());
        rest.copy_from_slice(numbers.as_flattened());
        let ascending = u128::from(record & 0xffff_ffff_ffff) << 80 | u128::from(nth & 0xfff) << 64;
        let id = ascending | u128::from(xxh3_64(&whole));
        MessageId::from_uuid(Builder::from_custom_bytes(id.to_be_bytes()).into_uuid())
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
        assert_eq!(file.message_id(2, 0).to_string(), "00000000-0002-8000-921c-699220e97ab0");
        assert_eq!(Source::of(&b"a,b\n1,2\n"[..]).unwrap(), file);
        assert_eq!(Source::named("a,b\n1,2\n"), file);
        let ids = [(1, 0), (1, 1), (2, 0), (256, 0)].map(|(record, nth)| file.message_id(record, nth));
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    }
}
