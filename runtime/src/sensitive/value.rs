//! A value that only its domain sees.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{
    codec::{HIDDEN, Marked},
    error::{Error, ErrorKind},
};

/// Personal data: `Debug` and `Display` show `•••`, an event's marked field is stored encrypted, and once its subject was
/// forgotten the value is gone for ever.
///
/// It is read from JSON like the value itself, so that a command can hold one. It is written in the marked fields of events
/// only; anywhere else `Serialize` answers an error (`sensitive/not_sealed`), or `•••` where a message is audited.
///
/// ```
/// use bailiwick::{Sensitive, sensitive::Withheld};
///
/// let email = Sensitive::new("ada@example.org".to_owned());
/// assert_eq!(format!("{email} {email:?}"), "••• •••");
/// assert_eq!(email.expose()?, "ada@example.org");
///
/// let gone = Sensitive::<String>::forgotten();
/// assert!(gone.is_forgotten());
/// assert_eq!(gone.expose(), Err(Withheld::Forgotten));
/// # Ok::<(), Withheld>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sensitive<T>(Marked<T>);

/// Why a sensitive value is not there. As an [`Error`] its code is `sensitive/forgotten` or `sensitive/sealed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Withheld {
    /// Its subject was forgotten: it is gone for ever.
    #[error("the subject of the value was forgotten, and the value with it; go on without it")]
    Forgotten,
    /// This program has no key for it: it was read without the keys, or the key was not brought along.
    #[error("the key of the value is not at hand; read it in an application that has the keys")]
    Sealed,
}

impl<T> Sensitive<T> {
    /// Hides a value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(Marked::Plain(value))
    }

    /// A value whose subject was forgotten, as it is read from then on: for tests, and for states that shall say so.
    #[must_use]
    pub const fn forgotten() -> Self {
        Self(Marked::Forgotten)
    }

    /// Whether its subject was forgotten.
    #[must_use]
    pub const fn is_forgotten(&self) -> bool {
        matches!(self.0, Marked::Forgotten)
    }

    /// The value. Who takes it out answers for where it goes.
    ///
    /// # Errors
    /// [`Withheld`] if it is not there; there is no default in its place.
    pub const fn expose(&self) -> Result<&T, Withheld> {
        match &self.0 {
            Marked::Plain(value) => Ok(value),
            Marked::Forgotten => Err(Withheld::Forgotten),
            Marked::Sealed => Err(Withheld::Sealed),
        }
    }

    /// The value itself.
    ///
    /// # Errors
    /// As [`expose`](Self::expose).
    pub fn into_inner(self) -> Result<T, Withheld> {
        match self.0 {
            Marked::Plain(value) => Ok(value),
            Marked::Forgotten => Err(Withheld::Forgotten),
            Marked::Sealed => Err(Withheld::Sealed),
        }
    }

    /// What is derived from the value, still hidden; one that is not there stays so.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sensitive<U> {
        Sensitive(match self.0 {
            Marked::Plain(value) => Marked::Plain(change(value)),
            Marked::Forgotten => Marked::Forgotten,
            Marked::Sealed => Marked::Sealed,
        })
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Default> Default for Sensitive<T> {
    /// The value that a state begins with. What was forgotten never becomes it.
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl<T> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl<T: Serialize> Serialize for Sensitive<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Marked::Plain(value) => Marked::Plain(value),
            Marked::Forgotten => Marked::Forgotten,
            Marked::Sealed => Marked::Sealed,
        }
        .write(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Sensitive<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Marked::read(deserializer).map(Self)
    }
}

impl From<Withheld> for Error {
    fn from(withheld: Withheld) -> Self {
        let code = match withheld {
            Withheld::Forgotten => "sensitive/forgotten",
            Withheld::Sealed => "sensitive/sealed",
        };
        Self::new(ErrorKind::NotFound, code, withheld.to_string()).caused_by(withheld)
    }
}

/// The type of a field that may be marked `#[event(sensitive)]`: [`Sensitive`]. Nothing else is to be one.
#[diagnostic::on_unimplemented(
    message = "a sensitive field is a `Sensitive<T>`, and `{Self}` is none",
    label = "write `Sensitive<{Self}>`",
    note = "the type hides the value in logs and errors, and says when it was forgotten"
)]
pub trait SensitiveField {}

impl<T> SensitiveField for Sensitive<T> {}
