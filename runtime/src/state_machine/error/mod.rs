//! Why a transition did not happen.

mod refusal;

use std::{convert::Infallible, error::Error as StdError, fmt};

pub use self::refusal::{GuardFailed, IllegalTransition, Refusal, StateMoved};
use crate::error::{BoxError, Error, ErrorKind};

/// Why a transition did not happen. State and log are as before.
///
/// It converts into an [`Error`] of the same [`kind`](Self::kind) and code. What the action itself answered stays what it is if
/// it is an [`Error`], and is the cause of one otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransitionError<E = Infallible> {
    /// It does not start from the state.
    Illegal(IllegalTransition),
    /// A guard said no.
    Guard(GuardFailed),
    /// The action changed the state itself.
    Moved(StateMoved),
    /// The action failed.
    Action(E),
}

impl<E> TransitionError<E> {
    /// The stable code: `order/invalid_transition`, `order/guard_failed`, `order/state_moved`;
    /// `state_machine/action_failed` for what the action itself answered.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Illegal(illegal) => illegal.facts.invalid_transition,
            Self::Guard(guard) => guard.facts.guard_failed,
            Self::Moved(moved) => moved.facts.state_moved,
            Self::Action(_) => "state_machine/action_failed",
        }
    }

    /// The answer of the action, if that is what went wrong.
    #[must_use]
    pub fn action(&self) -> Option<&E> {
        if let Self::Action(error) = self { Some(error) } else { None }
    }
}

impl<E: StdError + 'static> TransitionError<E> {
    /// What a caller can do about it: [`Invalid`](ErrorKind::Invalid) if the machine refused,
    /// [`Internal`](ErrorKind::Internal) if the action moved the state itself.
    ///
    /// An action's error says so itself if it is an [`Error`], or the first one among its sources does; without one it is the
    /// domain's no, and `Invalid`: it will be the same again. A `#[error(transparent)]` variant hides the [`Error`] in it:
    /// give it a text of its own, and it has the kind of its source.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Illegal(_) | Self::Guard(_) => ErrorKind::Invalid,
            Self::Moved(_) => ErrorKind::Internal,
            Self::Action(error) => kind_of(error),
        }
    }

    /// Another writer was faster: load again and decide again. Never of what the machine itself refused.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// Nothing was written, and the same call may succeed later. Never of what the machine itself refused.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind() == ErrorKind::Transient
    }
}

/// An error that has a stable code. Implement it for the type in `error = …`, and
/// [`TriggerError::code`](super::TriggerError::code) knows its codes too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no stable code",
    label = "implement `bailiwick::state_machine::Coded` for it"
)]
pub trait Coded {
    /// The stable code, `area/snake_case`.
    fn code(&self) -> &'static str;
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        Self::code(self)
    }
}

impl<E> Coded for TransitionError<E> {
    fn code(&self) -> &'static str {
        Self::code(self)
    }
}

impl TransitionError {
    /// The same refusal, of a transition whose action can fail.
    #[must_use]
    pub fn widen<E>(self) -> TransitionError<E> {
        match self {
            Self::Illegal(illegal) => TransitionError::Illegal(illegal),
            Self::Guard(guard) => TransitionError::Guard(guard),
            Self::Moved(moved) => TransitionError::Moved(moved),
            Self::Action(never) => match never {},
        }
    }
}

impl<E: fmt::Display> fmt::Display for TransitionError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Illegal(illegal) => illegal.fmt(f),
            Self::Guard(guard) => guard.fmt(f),
            Self::Moved(moved) => moved.fmt(f),
            Self::Action(error) => error.fmt(f),
        }
    }
}

impl<E: StdError + 'static> StdError for TransitionError<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Action(error) => error.source(),
            _ => None,
        }
    }
}

impl<E: Into<BoxError>> From<TransitionError<E>> for Error {
    fn from(error: TransitionError<E>) -> Self {
        let code = error.code();
        let (kind, text) = match error {
            TransitionError::Illegal(illegal) => (ErrorKind::Invalid, illegal.to_string()),
            TransitionError::Guard(guard) => (ErrorKind::Invalid, guard.to_string()),
            TransitionError::Moved(moved) => (ErrorKind::Internal, moved.to_string()),
            TransitionError::Action(error) => return action_failed(code, error.into()),
        };
        Self::new(kind, code, text)
    }
}

fn action_failed(code: &'static str, error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(own) => *own,
        Err(other) => Error::new(kind_of(&*other), code, other.to_string()).caused_by(other),
    }
}

/// The kind of the first [`Error`] among an error and its sources.
fn kind_of(error: &(dyn StdError + 'static)) -> ErrorKind {
    let mut all = std::iter::successors(Some(error), |error| (*error).source());
    all.find_map(|error| error.downcast_ref::<Error>()).map_or(ErrorKind::Invalid, Error::kind)
}

#[cfg(test)]
mod tests;
