//! A set of states, and their stored names.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{Deserializer, Serializer, de};

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

/// A row of [`State::FACTS`]; the marks are initial, terminal, external.
#[must_use]
pub const fn node(
    name: &'static str,
    variant: &'static str,
    [initial, terminal, external]: [bool; 3],
    aliases: &'static [Cow<'static, str>],
) -> StateNode {
    let (name, variant, aliases) = (Cow::Borrowed(name), Cow::Borrowed(variant), Cow::Borrowed(aliases));
    StateNode { name, variant, initial, terminal, external, aliases }
}

/// The state with this name or alias.
fn find<S: State>(text: &str) -> Option<S> {
    match place(S::FACTS, text) {
        Some(place) => S::ALL.get(place).copied(),
        None => None,
    }
}

/// Of no type, so that it is compiled once and not for each enum.
fn place(nodes: &[StateNode], text: &str) -> Option<usize> {
    nodes.iter().position(|node| node.name == text || node.aliases.iter().any(|alias| alias == text))
}

/// The state with this name or alias; another text is refused.
///
/// # Errors
/// [`UnknownState`].
pub fn known<S: State>(set: &'static str, code: &'static str, text: &str) -> Result<S, UnknownState> {
    match find(text) {
        Some(state) => Ok(state),
        None => {
            let mut names = Vec::new();
            for state in S::ALL {
                names.push(state.name());
            }
            Err(UnknownState::new(set, code, text, names))
        }
    }
}

/// The state with this name or alias; another text is read as `other`, and a warning carries it.
pub fn known_or<S: State>(set: &'static str, text: &str, other: S) -> S {
    find(text).unwrap_or_else(|| {
        tracing::warn!(set, stored = text, read_as = other.name(), "an unknown stored state is read as another");
        other
    })
}

/// [`State::from_name`], where the compiler need not look at what else a state is.
///
/// # Errors
/// [`UnknownState`].
pub fn parse<S: State>(text: &str) -> Result<S, UnknownState> {
    S::from_name(text)
}

/// Writes the stored name, with the width and the fill that are asked for.
///
/// # Errors
/// Those of the formatter.
pub fn show<S: State>(state: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(state.name())
}

/// Writes the stored name.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: State, W: Serializer>(state: &S, serializer: W) -> Result<W::Ok, W::Error> {
    serializer.serialize_str(state.name())
}

/// Reads a stored name.
///
/// # Errors
/// Those of the deserializer, and the text of [`UnknownState`].
pub fn deserialize<'de, S: State, R: Deserializer<'de>>(deserializer: R) -> Result<S, R::Error> {
    deserializer.deserialize_str(Stored(PhantomData))
}

struct Stored<S>(PhantomData<S>);

impl<S: State> de::Visitor<'_> for Stored<S> {
    type Value = S;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stored name of a state")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<S, E> {
        S::from_name(text).map_err(E::custom)
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
