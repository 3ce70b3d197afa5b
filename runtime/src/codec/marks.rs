//! How sensitive values are marked in a payload, and who may see them while serde runs.
//!
//! A field of a payload is `{"$sealed": {…}}` where it is stored, `{"$sensitive": value}` on its way between serde and the
//! cipher, and `{"$forgotten": true}` once its key was destroyed. Who sends an event may write the same into a field that
//! takes any JSON: what is written here has the number of the call (`$by`), which nobody else knows. Whether a value may be
//! written or read so is a matter of the call that runs serde; it is kept per thread, for as long as that call takes.

use std::{cell::Cell, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _, Visitor},
    ser::{Error as _, SerializeMap as _},
};

use super::RawValue;

/// What a sensitive value is shown as.
pub(crate) const HIDDEN: &str = "•••";

/// How a refusal begins, so that it can be told from the user's own.
const REFUSED: &str = "sensitive: ";

const PLAIN: &str = "$sensitive";
const FORGOTTEN: &str = "$forgotten";
const BY: &str = "$by";

/// The newtype around a sensitive value, by which the shape of a state knows it.
pub(super) const NEWTYPE: &str = "$sensitive";

/// What becomes of sensitive values while serde runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Refused when written; read as they are.
    Outside,
    /// Written with a mark, for the cipher.
    Writing,
    /// Read with their marks.
    Reading,
    /// Written as `•••`.
    Redacting,
    /// Read as a newtype of a name of its own.
    Shaping,
}

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Outside) };
    static WRITTEN: Cell<Written> = const { Cell::new(Written { by: 0, values: 0 }) };
}

/// A call that writes, and how many values it has written.
#[derive(Clone, Copy)]
struct Written {
    by: u64,
    values: usize,
}

struct Back(Mode);

impl Drop for Back {
    fn drop(&mut self) {
        MODE.set(self.0);
    }
}

fn within<T>(mode: Mode, work: impl FnOnce() -> T) -> T {
    let _back = Back(MODE.replace(mode));
    work()
}

/// Lets sensitive values be written with marks and a number, and says how many were.
pub(crate) fn writing<T>(by: u64, work: impl FnOnce() -> T) -> (T, usize) {
    let before = WRITTEN.replace(Written { by, values: 0 });
    let done = within(Mode::Writing, work);
    (done, WRITTEN.replace(before).values)
}

/// Lets sensitive values be read with marks.
pub(crate) fn reading<T>(work: impl FnOnce() -> T) -> T {
    within(Mode::Reading, work)
}

/// Writes sensitive values as `•••`.
pub(crate) fn redacting<T>(work: impl FnOnce() -> T) -> T {
    within(Mode::Redacting, work)
}

/// Shows sensitive values to who asks a type for its shape.
pub(super) fn shaping<T>(work: impl FnOnce() -> T) -> T {
    within(Mode::Shaping, work)
}

/// A sensitive value, as it lies in a payload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Marked<T> {
    Plain(T),
    Sealed,
    Forgotten,
}

impl<T: Serialize> Marked<&T> {
    /// Writes a value, if the call that runs serde allows it.
    pub(crate) fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        let refused = |why: &str| S::Error::custom(format_args!("{REFUSED}{why}"));
        match (MODE.get(), self) {
            (Mode::Redacting, _) => serializer.serialize_str(HIDDEN),
            (Mode::Writing, Self::Plain(value)) => {
                let Written { by, values } = WRITTEN.get();
                WRITTEN.set(Written { by, values: values + 1 });
                within(Mode::Outside, || plain(serializer, value, by))
            }
            (Mode::Writing, Self::Forgotten) => one(serializer, FORGOTTEN, &true),
            (Mode::Writing, Self::Sealed) => Err(refused(
                "a value whose key is not at hand cannot be written again; decide without it, or give the program the keys",
            )),
            (Mode::Outside | Mode::Reading | Mode::Shaping, _) => Err(refused(
                "a sensitive value is written in the marked fields of events only; store what is derived from it, or take it \
                 out with `expose()`",
            )),
        }
    }
}

fn one<S: Serializer, T: Serialize + ?Sized>(serializer: S, key: &str, value: &T) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

fn plain<S: Serializer, T: Serialize + ?Sized>(serializer: S, value: &T, by: u64) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry(PLAIN, value)?;
    map.serialize_entry(BY, &by)?;
    map.end()
}

impl<T: DeserializeOwned> Marked<T> {
    /// Reads a value, with its mark if the call that runs serde has put one there. One without a mark is plain: an input, or
    /// a payload from before the field was sensitive.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match MODE.get() {
            Mode::Reading => {}
            Mode::Shaping => {
                return deserializer.deserialize_newtype_struct(NEWTYPE, Inside(PhantomData)).map(Self::Plain);
            }
            _ => return T::deserialize(deserializer).map(Self::Plain).map_err(hidden),
        }
        // The text, and no tree: a number keeps all its digits.
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let value = match marker(&text) {
            Some(Marker { sealed: Some(_), .. }) => return Ok(Self::Sealed),
            Some(Marker { forgotten: Some(_), .. }) => return Ok(Self::Forgotten),
            Some(Marker { moved: Some(_), .. }) => return Err(D::Error::custom("a sealed value does not open here")),
            Some(Marker { plain: Some(plain), .. }) => plain.get(),
            _ => text.get(),
        };
        // What serde says of a misfit may quote the value.
        let misfit = |_| D::Error::custom("a sensitive value does not fit its type; add an upcast for its version");
        within(Mode::Outside, || serde_json::from_str(value)).map(Self::Plain).map_err(misfit)
    }
}

/// What a sensitive value holds, while its shape is asked for.
struct Inside<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inside<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sensitive value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// In the place of what serde says of a misfit, which may quote the value.
fn hidden<E: serde::de::Error>(_: E) -> E {
    E::custom("a sensitive value does not fit its type")
}

/// Whether serde failed because a sensitive value refused to be written, and why.
pub(super) fn refusal(error: &serde_json::Error) -> Option<String> {
    error.is_data().then(|| error.to_string())?.strip_prefix(REFUSED).map(Into::into)
}

/// A value that the cipher has sealed: whose it is, the id of the key, nonce and ciphertext as base64.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    pub(crate) subject: String,
    pub(crate) key: String,
    pub(crate) data: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Marker<'a> {
    #[serde(rename = "$sensitive", borrow, deserialize_with = "some")]
    pub(super) plain: Option<&'a RawValue>,
    #[serde(rename = "$by")]
    pub(super) by: Option<u64>,
    #[serde(rename = "$sealed")]
    pub(super) sealed: Option<Token>,
    #[serde(rename = "$forgotten")]
    forgotten: Option<bool>,
    #[serde(rename = "$moved")]
    moved: Option<bool>,
}

/// What is there, even if it is `null`.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// The mark of a value; nothing of what is not exactly one.
pub(super) fn marker(value: &RawValue) -> Option<Marker<'_>> {
    let marked = value.get().starts_with('{') && value.get().contains("\"$");
    if marked { serde_json::from_str(value.get()).ok() } else { None }
}
