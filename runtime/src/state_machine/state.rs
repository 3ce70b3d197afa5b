//! A set of states, and their stored names.

use std::fmt;

use super::StateNode;
use crate::error::{Error, ErrorKind};

/// An enum of states; `#[derive(State)]` writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of states",
    label = "needs `#[derive(State)]` on its `enum`"
)]
pub trait State: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// Every state, in the order of declaration.
    const ALL: &'static [Self];
    /// Where a new value starts.
    const INITIAL: Self;
    /// Names and marks, in the order of [`ALL`](Self::ALL).
    const FACTS: &'static [StateNode];

    /// Its place in [`ALL`](Self::ALL).
    fn index(self) -> usize;

    /// Its stored name.
    fn name(self) -> &'static str;

    /// The state that is stored as `text`, or was in the past.
    ///
    /// # Errors
    /// [`UnknownState`] if no name and no alias is `text`.
    fn from_name(text: &str) -> Result<Self, UnknownState>;
}

/// A stored text that is no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{stored}` is no state of `{set}`; known are {}", Quoted(.known))]
pub struct UnknownState {
    set: &'static str,
    code: &'static str,
    stored: String,
    known: Vec<&'static str>,
}

impl UnknownState {
    /// `set` is the name of the enum, `code` the stable code, such as `order_status/unknown_state`, `known` the stored names.
    #[must_use]
    pub fn new(set: &'static str, code: &'static str, stored: &str, known: Vec<&'static str>) -> Self {
        Self { set, code, stored: stored.to_owned(), known }
    }

    /// The name of the enum.
    #[must_use]
    pub fn set(&self) -> &'static str {
        self.set
    }

    /// The text.
    #[must_use]
    pub fn stored(&self) -> &str {
        &self.stored
    }

    /// The stored names that are known.
    #[must_use]
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// The stable code: `order_status/unknown_state`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<UnknownState> for Error {
    fn from(unknown: UnknownState) -> Self {
        Self::new(ErrorKind::Corrupt, unknown.code, unknown.to_string())
            .with("set", unknown.set)
            .with("stored", &unknown.stored)
            .caused_by(unknown)
    }
}

/// Names in backticks, with commas between.
pub(super) struct Quoted<'a, T>(pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for Quoted<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { ", " };
            write!(f, "{gap}`{name}`")?;
        }
        Ok(())
    }
}
