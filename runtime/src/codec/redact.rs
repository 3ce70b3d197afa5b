//! What an audit row may show.

use serde::Serialize;

use super::{HIDDEN, Json, encode, redacting};
use crate::error::Error;

/// A message as JSON, with the fields named in `redacted`, and what is [`Sensitive`](crate::Sensitive), as `•••`.
///
/// # Errors
/// `message/unencodable` if `Serialize` refuses.
pub fn redact<M: Serialize + ?Sized>(message: &M, redacted: &[&str]) -> Result<String, Error> {
    let mut json = redacting(|| serde_json::to_value(message)).map_err(super::json::unencodable)?;
    if let Json::Object(fields) = &mut json {
        for name in redacted {
            if let Some(value) = fields.get_mut(*name) {
                *value = Json::String(HIDDEN.into());
            }
        }
    }
    Ok(String::from_utf8_lossy(&encode(&json)?).into_owned())
}
