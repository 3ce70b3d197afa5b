//! The one error type of the framework, and the answer of a dispatch.
//!
//! An [`Error`] speaks of its own level, once, and can be asked what to do: `is_conflict()`, `is_transient()`,
//! `is_unknown_outcome()`. Its [`code`](Error::code) is stable text (`store/conflict`), its cause is in `source()`.
//! A domain's "no" is no failure: [`SendError::Rejected`] carries the user's own type, [`SendError::Runtime`] this one.

use std::{error::Error as StdError, fmt, sync::Arc};

/// Any error of another crate, kept as a cause.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// Says what a caller can do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was asked for does not exist.
    NotFound,
    /// Another writer was faster; load again and decide again.
    Conflict,
    /// The input is wrong; it will be wrong again.
    Invalid,
    /// The actor may not do this.
    Denied,
    /// Nothing was written; the same call may succeed later.
    Transient,
    /// It is not known whether the write happened; repeat only what is idempotent.
    UnknownOutcome,
    /// The program is wired wrongly; `build()` reports these.
    Config,
    /// Stored data cannot be read.
    Corrupt,
    /// User code panicked, or an invariant of the framework broke.
    Internal,
}

struct Inner {
    kind: ErrorKind,
    code: &'static str,
    message: String,
    fields: Vec<(&'static str, String)>,
    source: Option<BoxError>,
}

/// A failure of the framework or of what it runs on.
///
/// Cheap to clone: callers that shared one commit share its error.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

impl Error {
    /// Makes an error. `code` is `area/snake_case`; `message` is one line that says what to do next.
    #[must_use]
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner { kind, code, message: message.into(), fields: Vec::new(), source: None }))
    }

    /// Adds a piece of structured context. Only values that may be shown belong here.
    #[must_use]
    pub fn with(self, field: &'static str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        self.change(|inner| inner.fields.push((field, value)))
    }

    /// Adds the cause, which `source()` returns.
    #[must_use]
    pub fn caused_by(self, source: impl Into<BoxError>) -> Self {
        let source = source.into();
        self.change(|inner| inner.source = Some(source))
    }

    fn change(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = Arc::try_unwrap(self.0).unwrap_or_else(|shared| Inner {
            kind: shared.kind,
            code: shared.code,
            message: shared.message.clone(),
            fields: shared.fields.clone(),
            source: shared.source.is_some().then(|| Box::new(Self(Arc::clone(&shared))) as BoxError),
        });
        change(&mut inner);
        Self(Arc::new(inner))
    }

    /// What a caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The stable code, `area/snake_case`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// A piece of structured context, by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.0.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
    }

    /// The cause, if it is of type `T`.
    #[must_use]
    pub fn cause<T: StdError + 'static>(&self) -> Option<&T> {
        let mut cause = self.source();
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            cause = error.source();
        }
        None
    }

    /// What was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Another writer was faster.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.kind == ErrorKind::Conflict
    }

    /// Nothing was written, and the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.kind == ErrorKind::Transient
    }

    /// It is not known whether the write happened.
    #[must_use]
    pub fn is_unknown_outcome(&self) -> bool {
        self.0.kind == ErrorKind::UnknownOutcome
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for (index, (field, value)) in self.0.fields.iter().enumerate() {
            write!(f, "{}{field}: {value}", if index == 0 { " (" } else { ", " })?;
        }
        if self.0.fields.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {self}", self.0.code)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, "; caused by: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Why a dispatch did not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SendError<E> {
    /// The domain said no. Nothing was written.
    #[error(transparent)]
    Rejected(E),
    /// Something else went wrong; ask the error what to do.
    #[error(transparent)]
    Runtime(#[from] Error),
}

impl<E> SendError<E> {
    /// The domain's answer, if it is one.
    pub fn rejection(&self) -> Option<&E> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            Self::Runtime(_) => None,
        }
    }

    /// The framework's error, if it is one.
    pub fn runtime(&self) -> Option<&Error> {
        match self {
            Self::Rejected(_) => None,
            Self::Runtime(error) => Some(error),
        }
    }
}
