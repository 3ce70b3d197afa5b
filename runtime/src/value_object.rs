//! Value objects: values that cannot be invalid, because there is no other way to make one than through their check.

use std::fmt;

/// A value object: `#[derive(ValueObject)]`. Constructor and serde go through [`new`](Self::new).
pub trait ValueObject: Sized {
    /// What it is made from: the inner type of a newtype, or the tuple of a struct's fields.
    type Raw;

    /// Checks and makes it.
    ///
    /// # Errors
    /// [`Invalid`] with the type's name and the reason.
    fn new(raw: Self::Raw) -> Result<Self, Invalid>;
}

/// A value was refused. It shows the type and the reason, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    type_name: &'static str,
    reason: String,
}

impl Invalid {
    /// Refuses a value of `type_name`, saying why.
    #[must_use]
    pub fn new(type_name: &'static str, reason: impl Into<String>) -> Self {
        Self { type_name, reason: reason.into() }
    }

    /// The type that refused.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a valid {}: {}", self.type_name, self.reason)
    }
}

impl std::error::Error for Invalid {}

impl From<Invalid> for crate::error::Error {
    fn from(invalid: Invalid) -> Self {
        Self::new(crate::error::ErrorKind::Invalid, "value/invalid", invalid.to_string())
    }
}

/// The outcome of a check: a `bool`, or a `Result` that says why not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the outcome of a check",
    label = "return `bool`, or `Result<(), E>` where `E` can be shown"
)]
pub trait Verdict {
    /// `Ok`, or the reason.
    ///
    /// # Errors
    /// The reason.
    fn verdict(self) -> Result<(), String>;
}

impl Verdict for bool {
    fn verdict(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("the check refused it".into()) }
    }
}

impl<E: fmt::Display> Verdict for Result<(), E> {
    fn verdict(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}
