//! The typestate facade of a machine.

use std::{error::Error as StdError, fmt};

use crate::error::Error;

/// A transition of a typestate facade that did not happen: why, and the machine, which is as it was. It is an error, and
/// shows why, whether the machine can be shown or not.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused<M, E> {
    /// The machine, in the state that it was in.
    pub machine: M,
    /// Why.
    pub error: E,
}

impl<M, E> Refused<M, E> {
    /// The machine was refused with this error.
    #[must_use]
    pub const fn new(machine: M, error: E) -> Self {
        Self { machine, error }
    }
}

impl<M, E: fmt::Debug> fmt::Debug for Refused<M, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<M, E: fmt::Display> fmt::Display for Refused<M, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<M, E: StdError + 'static> StdError for Refused<M, E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

impl<M, E: Into<Self>> From<Refused<M, E>> for Error {
    fn from(refused: Refused<M, E>) -> Self {
        refused.error.into()
    }
}
