//! The marked parts of a payload, and how they become others.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use super::{
    RawValue,
    json::{undecodable, unencodable},
    marks::{Marker, Token, marker},
};
use crate::error::Error;

/// A marked part of a payload.
#[derive(Debug)]
pub(crate) enum Part<'a> {
    /// The JSON of a value that is not sealed, and the number of the call that has written it.
    Plain(&'a str, Option<u64>),
    /// A value that is.
    Sealed(Token),
}

/// What takes the place of a part: itself, JSON that is marked as not sealed, and so on.
#[derive(Debug)]
pub(crate) enum Instead {
    Same,
    Plain(Vec<u8>),
    Sealed(Token),
    Forgotten,
    /// It does not open here.
    Moved,
}

impl Instead {
    fn json(self) -> Result<Option<Vec<u8>>, Error> {
        let written = match self {
            Self::Same => return Ok(None),
            Self::Plain(json) => return Ok(Some([b"{\"$sensitive\":".as_slice(), &json, b"}"].concat())),
            Self::Sealed(token) => serde_json::to_vec(&serde_json::json!({ "$sealed": token })),
            Self::Forgotten => Ok(b"{\"$forgotten\":true}".to_vec()),
            Self::Moved => Ok(b"{\"$moved\":true}".to_vec()),
        };
        written.map(Some).map_err(unencodable)
    }
}

/// Whether a payload may have marked parts: a look at its bytes.
pub(crate) fn may_be_marked(payload: &[u8]) -> bool {
    payload.windows(4).any(|four| four == b"\"$se")
}

/// Changes the marked parts of a payload: the whole, or what lies directly in it, under its name or its number. All else
/// keeps each byte of its JSON.
pub(crate) fn rewrite(
    payload: &[u8],
    mut change: impl FnMut(&str, Part<'_>) -> Result<Instead, Error>,
) -> Result<Vec<u8>, Error> {
    let whole: &RawValue = serde_json::from_slice(payload).map_err(undecodable)?;
    if let Some(part) = part(whole) {
        return Ok(change("", part)?.json()?.unwrap_or_else(|| payload.to_vec()));
    }
    let mut written = Vec::with_capacity(payload.len());
    match whole.get().as_bytes() {
        [b'{', ..] => {
            let Fields(fields) = decode_borrowed(payload)?;
            list(b"{}", fields, &mut written, |(name, value), to| {
                to.append(&mut serde_json::to_vec(&name).map_err(unencodable)?);
                to.push(b':');
                put(&name, value, to, &mut change)
            })?;
        }
        [b'[', ..] => {
            let items: Vec<&RawValue> = decode_borrowed(payload)?;
            let items = items.into_iter().enumerate();
            list(b"[]", items, &mut written, |(at, value), to| put(&at.to_string(), value, to, &mut change))?;
        }
        _ => written.extend_from_slice(payload),
    }
    Ok(written)
}

fn put(
    name: &str,
    value: &RawValue,
    to: &mut Vec<u8>,
    change: &mut impl FnMut(&str, Part<'_>) -> Result<Instead, Error>,
) -> Result<(), Error> {
    let changed = part(value).map(|part| change(name, part)?.json()).transpose()?.flatten();
    to.extend_from_slice(changed.as_deref().unwrap_or(value.get().as_bytes()));
    Ok(())
}

/// Writes items between brackets, with commas.
fn list<T>(
    [open, close]: &[u8; 2],
    items: impl IntoIterator<Item = T>,
    written: &mut Vec<u8>,
    mut put: impl FnMut(T, &mut Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    written.push(*open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            written.push(b',');
        }
        put(item, written)?;
    }
    written.push(*close);
    Ok(())
}

fn decode_borrowed<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(undecodable)
}

fn part(value: &RawValue) -> Option<Part<'_>> {
    match marker(value)? {
        Marker { plain: Some(plain), by, .. } => Some(Part::Plain(plain.get(), by)),
        Marker { sealed: Some(token), .. } => Some(Part::Sealed(token)),
        _ => None,
    }
}

/// The fields of an object, in its order.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'de>, M::Error> {
                let mut fields = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    fields.push(entry);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(All)
    }
}
