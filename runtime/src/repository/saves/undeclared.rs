//! What a repository answers to a state that no transition led to.

use crate::error::{Error, ErrorKind};

/// An entity is in a state to which no declared transition has led it: somebody wrote the field, or made the value by hand.
/// Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{machine} {id}: {why}")]
#[non_exhaustive]
pub struct UndeclaredTransition {
    /// The machine: `Order`, `Order.payment`.
    pub machine: &'static str,
    /// The id of the entity.
    pub id: String,
    /// What is missing.
    pub why: Undeclared,
}

/// What is missing between the stored state and the state that an entity is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undeclared {
    /// A row begins in the initial state, or in an external one.
    #[error("a new one is not `{found}`, which is neither initial nor external")]
    Beginning {
        /// The state that it is in.
        found: &'static str,
    },
    /// The value is not one that was read, inserted or saved, so its stored state is not known.
    #[error("it was not loaded; load it, call a transition, and save it")]
    NotLoaded,
    /// A transition begins elsewhere than the last one ended, or the value is elsewhere.
    #[error("no transition has led from `{from}` to `{to}`; a state changes by its transitions alone")]
    Gap {
        /// The state that is stored, or that the last transition led to.
        from: &'static str,
        /// The next one that was found.
        to: &'static str,
    },
    /// The log has a transition of a machine whose column it is not for.
    #[error("`{transition}` is of a machine whose column the log is not for; name it in `#[transitions(…)]`")]
    Stranger {
        /// The transition.
        transition: &'static str,
    },
}

pub(super) fn undeclared(code: &'static str, undeclared: UndeclaredTransition) -> Error {
    Error::new(ErrorKind::Invalid, code, undeclared.to_string())
        .with("machine", undeclared.machine)
        .with("id", &undeclared.id)
        .caused_by(undeclared)
}
