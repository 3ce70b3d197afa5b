//! Identifiers. Ours are UUIDs of version 7, made by a [`Clock`](crate::Clock), so that tests can tell them beforehand.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
pub use uuid::Uuid;

use crate::error::{Error, ErrorKind};

/// The identity of one message (event, command, notification), the same on every resend: the key of every dedupe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(Uuid);

impl MessageId {
    /// The id with this UUID.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The UUID.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for MessageId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse("MessageId", text).map(Self)
    }
}

/// A domain identifier that is a newtype of a UUID, an integer or a string: `#[derive(Id)]`.
///
/// Its text form is what streams, keys and logs show; two ids are equal exactly if their texts are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an identifier",
    label = "needs `#[derive(Id)]`, or is not a `String`, `Uuid` or integer",
    note = "write `#[derive(Id)] struct {Self}(Uuid);`"
)]
pub trait Id: fmt::Display + Clone + Eq + std::hash::Hash + Send + Sync + 'static {}

impl Id for String {}
impl Id for Uuid {}
impl Id for u64 {}
impl Id for i64 {}
impl Id for u32 {}
impl Id for i32 {}

/// Reads the value inside an id; the error names the type.
///
/// # Errors
/// `id/format` if `text` is not one.
pub fn parse<T>(type_name: &'static str, text: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|source| {
        Error::new(ErrorKind::Invalid, "id/format", format!("this is not a {type_name}; check where it comes from"))
            .with("text", text)
            .caused_by(source)
    })
}
