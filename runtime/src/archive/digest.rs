//! What two logs have in common when they hold the same events.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::store::LogEvent;

/// A number of 128 bits over tenant, stream, version, name and payload of each event. It does not depend on the order in
/// which the events of different streams lie. It tells logs apart; it proves nothing against somebody who forges one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(u128);

impl Digest {
    /// Takes in an event.
    pub(super) fn add(&mut self, logged: &LogEvent) {
        let (tenant, event) = (logged.tenant.as_ref().map_or("", |tenant| tenant.as_str()), &logged.event);
        let texts = [tenant, event.stream.category(), event.stream.id(), &event.envelope.name];
        let [tenant, category, stream, name] = texts.map(|text| xxh3_64(text.as_bytes()));
        let numbers = [tenant, category, stream, event.version.get(), name, xxh3_64(&event.envelope.payload)];
        self.0 = self.0.wrapping_add(xxh3_128(numbers.map(u64::to_le_bytes).as_flattened()));
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Digest {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

impl TryFrom<String> for Digest {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}
