//! By which number a stored state is known to fit the type that reads it.

use std::sync::OnceLock;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    codec::{self, Shape},
    error::{Error, ErrorKind},
};

/// The schema of an aggregate's snapshots: the version that its author gave and the [shape](Shape) of its state, as one
/// number. It is computed once.
///
/// ```
/// use bailiwick::aggregate::SnapshotSchema;
///
/// #[derive(serde::Deserialize)]
/// struct Room { seats: u32 }
///
/// fn schema() -> u64 {
///     static SCHEMA: SnapshotSchema = SnapshotSchema::new(1);
///     SCHEMA.of::<Room>()
/// }
///
/// assert_eq!(schema(), schema());
/// assert_ne!(schema(), SnapshotSchema::new(2).of::<Room>(), "another version");
/// assert_ne!(schema(), SnapshotSchema::new(1).of::<u32>(), "another shape");
/// ```
#[derive(Debug)]
pub struct SnapshotSchema {
    version: u32,
    found: OnceLock<Found>,
}

#[derive(Debug)]
struct Found {
    number: u64,
    /// Whether serde hides a part of the shape.
    opaque: bool,
}

impl SnapshotSchema {
    /// The version says what no type shows: that `apply` leads to another state.
    #[must_use]
    pub const fn new(version: u32) -> Self {
        Self { version, found: OnceLock::new() }
    }

    /// The number, 63 bits long, for the one type that asks this value.
    pub fn of<A: DeserializeOwned>(&self) -> u64 {
        self.found::<A>().number
    }

    /// Reads a state of this schema. Where a part of the shape cannot be seen, the state must have exactly the places in
    /// its JSON that it would have if it were written now, so that no field is a default there either.
    ///
    /// # Errors
    /// `message/undecodable` if it does not fit the type, `snapshot/outgrown` if it has other places.
    pub fn decode<A: Serialize + DeserializeOwned>(&self, state: &[u8]) -> Result<A, Error> {
        let read: A = codec::decode(state)?;
        if self.found::<A>().opaque && !codec::same_places(&codec::decode(state)?, &codec::json(&read)?) {
            let message = "the stored state has other fields than its type; raise the version of the snapshot";
            return Err(Error::new(ErrorKind::Corrupt, "snapshot/outgrown", message));
        }
        Ok(read)
    }

    fn found<A: DeserializeOwned>(&self) -> &Found {
        // Databases have signed columns. The version turns all bits by an odd factor, so that two versions never meet.
        let version = u64::from(self.version).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.found.get_or_init(|| {
            let shape = Shape::of_state::<A>();
            let number = shape.fingerprint().wrapping_add(version) & (u64::MAX >> 1);
            Found { number, opaque: shape.is_opaque() }
        })
    }
}
