//! States of aggregates, stored so that a load need not fold a long stream.

use crate::{envelope::StreamId, version::Version};

/// The state of an aggregate at a version. A snapshot never replaces one of a higher version and the same schema; one of
/// another schema is a miss, never a default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The stream.
    pub stream: StreamId,
    /// The version of the stream that the state includes.
    pub version: Version,
    /// What the state looks like, as a number of 63 bits.
    pub schema: u64,
    /// The encoded state.
    pub state: Vec<u8>,
}
