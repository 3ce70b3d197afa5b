//! By which number a stored state is known to fit the type that reads it.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use crate::codec::Shape;

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
    number: OnceLock<u64>,
}

impl SnapshotSchema {
    /// The version says what no type shows: that `apply` leads to another state.
    #[must_use]
    pub const fn new(version: u32) -> Self {
        Self { version, number: OnceLock::new() }
    }

    /// The number, 63 bits long, for the one type that asks this value.
    pub fn of<A: DeserializeOwned>(&self) -> u64 {
        // Databases have signed columns. The version turns all bits by an odd factor, so that two versions never meet.
        let version = u64::from(self.version).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        *self.number.get_or_init(|| Shape::of::<A>().fingerprint().wrapping_add(version) & (u64::MAX >> 1))
    }
}
