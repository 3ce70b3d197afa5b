//! JSON that is carried along as it is written.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::Deserialize;
pub(crate) use serde_json::value::RawValue;

/// The bytes as JSON that can stand in a line and comes back with every byte; `None` if they are none.
pub(crate) fn raw(bytes: &[u8]) -> Option<&RawValue> {
    let one_line = !bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
    let raw: &RawValue = serde_json::from_slice(bytes).ok().filter(|_| one_line)?;
    (raw.get().len() == bytes.len()).then_some(raw)
}

/// Reads a value that borrows from a line, or says what is wrong with it.
pub(crate) fn line<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|error| error.to_string())
}

/// Bytes as text.
pub(crate) fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// The bytes of a text.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    BASE64_STANDARD.decode(text).map_err(|error| error.to_string())
}

/// Bytes as a text that stands in a URL.
pub(crate) fn to_url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of such a text, of which each has one.
pub(crate) fn from_url(text: &str) -> Result<Vec<u8>, String> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{base64, from_base64, raw};

    #[test]
    fn only_json_that_keeps_each_byte_is_carried_as_it_is() {
        for kept in ["{}", "{ \"a\" :1.0e2}", "null", "\"\u{2028}\"", "[1, 2]"] {
            assert_eq!(raw(kept.as_bytes()).map(|raw| raw.get()), Some(kept));
        }
        for other in ["", " {}", "{} ", "{\n}", "{\r}", "{", "\u{feff}{}", "{}{}"] {
            assert!(raw(other.as_bytes()).is_none(), "{other:?}");
            assert_eq!(from_base64(&base64(other.as_bytes())).unwrap(), other.as_bytes());
        }
        assert!(raw(b"\"\xff\"").is_none());
    }
}
