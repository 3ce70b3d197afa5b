//! Values to bytes and back.

use serde::{
    Serialize,
    de::{DeserializeOwned, DeserializeSeed},
};
use serde_path_to_error::Segment;

use super::marks;
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

/// Finds where [`decode`] fails: the place in the JSON, such as `lines[2].sku`, `.` for the whole; `None` if it does not.
#[must_use]
pub fn misfit<T: DeserializeOwned>(bytes: &[u8]) -> Option<String> {
    let read = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(bytes));
    read.err().map(|error| error.path().to_string())
}

/// Reads a value from JSON, and nothing behind it, as `seed` says.
pub(crate) fn read_with<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Result<S::Value, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut deserializer).map_err(undecodable)?;
    deserializer.end().map_err(undecodable)?;
    Ok(value)
}

/// A value that does not have the form that is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Where in it, from its root: `payment.items[2].sku`.
    pub(crate) path: String,
    pub(crate) message: String,
}

/// Reads a value, called `root`, from what has been parsed.
pub(crate) fn read<T: DeserializeOwned>(root: &str, value: &serde_json::Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let steps = error.path().iter().map(|step| match step {
            Segment::Seq { index } => format!("[{index}]"),
            Segment::Map { key: name } | Segment::Enum { variant: name } => format!(".{name}"),
            Segment::Unknown => String::new(), // inside what serde reads twice: `flatten`, `untagged`
        });
        let path = std::iter::once(root.to_owned()).chain(steps).collect();
        Misfit { path, message: error.inner().to_string() }
    })
}

pub(super) fn unencodable(source: serde_json::Error) -> Error {
    if let Some(why) = marks::refusal(&source) {
        return Error::new(ErrorKind::Invalid, "sensitive/not_sealed", why);
    }
    Error::new(ErrorKind::Invalid, "message/unencodable", "the payload cannot be written as JSON").caused_by(source)
}

pub(super) fn undecodable(source: serde_json::Error) -> Error {
    let message = "the payload does not fit the type; add an upcast for the version it was written with";
    Error::new(ErrorKind::Corrupt, "message/undecodable", message).with("reason", &source).caused_by(source)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::{Misfit, read};

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read")]
    enum Payment {
        Card { cents: u64, items: Vec<BTreeMap<String, Item>> },
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[allow(dead_code, reason = "only read")]
    enum Amount {
        Cents { cents: u64 },
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Item {
        sku: String,
    }

    #[test]
    fn a_misfit_is_told_with_its_place() {
        let place = |value| read::<BTreeMap<u8, Payment>>("paid", &value).map_err(|misfit| misfit.path).unwrap_err();
        let card = |items| json!({ "7": { "Card": { "cents": 1, "items": items } } });
        assert_eq!(place(json!([])), "paid");
        assert_eq!(place(card(json!([{}, { "a": { "sku": 1 } }]))), "paid.7.Card.items[1].a.sku");
        assert_eq!(place(card(json!([{ "a": {} }]))), "paid.7.Card.items[0].a");
        let untagged = read::<Vec<Amount>>("amounts", &json!([{ "cents": "x" }])).unwrap_err();
        assert_eq!(untagged.path, "amounts[0]", "serde tries what has no tag and does not say");
        let misfit = Misfit { path: "n".into(), message: "invalid type: null, expected u8".into() };
        assert_eq!(read::<u8>("n", &json!(null)), Err(misfit));
    }
}
