//! What an audit row may show.

use serde::Serialize;

use super::{Json, encode};
use crate::error::Error;

const HIDDEN: &str = "•••";

/// A message as JSON, with the fields named in `redacted` as `•••`.
///
/// # Errors
/// `message/unencodable` if `Serialize` refuses.
pub fn redact<M: Serialize + ?Sized>(message: &M, redacted: &[&str]) -> Result<String, Error> {
    let mut json = serde_json::to_value(message).map_err(super::json::unencodable)?;
    if let Json::Object(fields) = &mut json {
        for name in redacted {
            if let Some(value) = fields.get_mut(*name) {
                *value = Json::String(HIDDEN.into());
            }
        }
    }
    Ok(String::from_utf8_lossy(&encode(&json)?).into_owned())
}
