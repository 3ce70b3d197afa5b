//! Why a transition did not happen.

mod refusal;

use std::{convert::Infallible, error::Error as StdError, fmt};

pub use self::refusal::{GuardFailed, IllegalTransition, Refusal, StateMoved};
use crate::error::{BoxError, Error, ErrorKind};

/// Why a transition did not happen. State and log are as before.
///
/// It converts into an [`Error`] with the same code: [`Invalid`](ErrorKind::Invalid) if the machine refused,
/// [`Internal`](ErrorKind::Internal) if the action broke a rule. What the action itself answered keeps its kind and its code
/// if it is an [`Error`].
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
        Err(other) => Error::new(ErrorKind::Invalid, code, other.to_string()).caused_by(other),
    }
}

#[cfg(test)]
mod tests;
