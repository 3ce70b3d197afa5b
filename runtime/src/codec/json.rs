//! Values to bytes and back.

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, ErrorKind};

/// Writes a value as JSON.
///
/// # Errors
/// `message/unencodable` if its `Serialize` refuses, for instance a map whose keys are no texts.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(unencodable)
}

/// Reads a value from JSON; at most 128 levels deep.
///
/// # Errors
/// `message/undecodable` with the reason and its line and column.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(undecodable)
}

pub(super) fn unencodable(source: serde_json::Error) -> Error {
    Error::new(ErrorKind::Invalid, "message/unencodable", "the payload cannot be written as JSON").caused_by(source)
}

pub(super) fn undecodable(source: serde_json::Error) -> Error {
    let message = "the payload does not fit the type; add an upcast for the version it was written with";
    Error::new(ErrorKind::Corrupt, "message/undecodable", message).with("reason", &source).caused_by(source)
}
