//! Old payloads to new ones, one version at a time.

use std::fmt;

use super::{Json, decode, encode};
use crate::error::{Error, ErrorKind};

/// One step of a chain: turns a payload of version [`from`](Self::from) into one of the next version.
#[derive(Clone, Copy)]
pub struct Upcast {
    /// The version it reads.
    pub from: u32,
    /// The change. It must not fail: what it cannot change, the decoder refuses.
    pub apply: fn(Json) -> Json,
}

impl fmt::Debug for Upcast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upcast({} => {})", self.from, self.from + 1)
    }
}

/// Carries a payload of version `from` up to `to` through `chain`.
///
/// # Errors
/// `message/version_ahead` if the payload is newer than `to`; `message/upcast_gap` if a step is missing;
/// `message/undecodable` if it is not JSON.
pub fn upcast(payload: &[u8], from: u32, to: u32, chain: &[Upcast]) -> Result<Vec<u8>, Error> {
    if from > to {
        let message =
            "the message was written by a newer program; upgrade this one; requeue the message if it was parked";
        let error = Error::new(ErrorKind::Invalid, "message/version_ahead", message);
        return Err(error.with("version", from).with("known", to));
    }
    let mut json: Json = decode(payload)?;
    for version in from..to {
        let Some(step) = chain.iter().find(|step| step.from == version) else {
            let message = "a step of the upcast chain is missing";
            return Err(Error::new(ErrorKind::Corrupt, "message/upcast_gap", message).with("from", version));
        };
        json = (step.apply)(json);
    }
    encode(&json)
}
