//! Transitions by name.

use std::{error::Error as StdError, fmt};

use super::{Coded, TransitionError, state::Quoted};
use crate::error::{Error, ErrorKind};

/// Why a transition called by its name did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TriggerError<E = TransitionError<Error>> {
    /// No transition has the name, or it may not be called by name. Nothing was asked.
    Unknown(UnknownTransition),
    /// The arguments do not fit. Nothing was asked.
    Arguments(BadArguments),
    /// The transition was called, and said no. What an action answered is an [`Error`], whose source is the action's own
    /// error unless it was one before; with `error = OrderError` it is the `OrderError`.
    Refused(E),
}

/// A name that is no transition, or none that may be called by name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown transition `{name}`{}; there are {}", near(*.nearest), Quoted(.known))]
pub struct UnknownTransition {
    code: &'static str,
    name: String,
    nearest: Option<&'static str>,
    known: Vec<&'static str>,
}

/// Arguments that a transition does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(.path))]
pub struct BadArguments {
    code: &'static str,
    path: String,
    message: String,
}

fn near(nearest: Option<&'static str>) -> String {
    nearest.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("argument `{path}`: ") }
}

impl UnknownTransition {
    /// `code` is the stable code, such as `order/unknown_transition`, `known` the names that there are.
    #[must_use]
    pub fn new(code: &'static str, name: &str, known: Vec<&'static str>) -> Self {
        let nearest = nearest(name, &known);
        Self { code, name: name.to_owned(), nearest, known }
    }

    /// The name that was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name that was perhaps meant.
    #[must_use]
    pub fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }

    /// The names that there are.
    #[must_use]
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// The stable code: `order/unknown_transition`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl BadArguments {
    /// `code` is the stable code, such as `order/bad_arguments`, `path` the place in the arguments, empty for all of
    /// them.
    #[must_use]
    pub fn new(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, path: path.into(), message: message.into() }
    }

    /// The place: an argument, or what is wrong inside it, such as `payment.items[2].sku`; empty if it is about all
    /// arguments. Inside what serde reads by trial (`untagged`, `flatten`) it is the place where that begins.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The stable code: `order/bad_arguments`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl<E: Coded> TriggerError<E> {
    /// The stable code: `order/unknown_transition`, `order/bad_arguments`, or that of the transition's error. With
    /// `error = OrderError` it asks that `OrderError` is [`Coded`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(unknown) => unknown.code,
            Self::Arguments(bad) => bad.code,
            Self::Refused(error) => error.code(),
        }
    }
}

impl<E> From<UnknownTransition> for TriggerError<E> {
    fn from(unknown: UnknownTransition) -> Self {
        Self::Unknown(unknown)
    }
}

impl<E> From<BadArguments> for TriggerError<E> {
    fn from(bad: BadArguments) -> Self {
        Self::Arguments(bad)
    }
}

impl<E: fmt::Display> fmt::Display for TriggerError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => unknown.fmt(f),
            Self::Arguments(bad) => bad.fmt(f),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl<E: StdError + 'static> StdError for TriggerError<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Refused(error) => error.source(),
            _ => None,
        }
    }
}

impl From<UnknownTransition> for Error {
    fn from(unknown: UnknownTransition) -> Self {
        Self::new(ErrorKind::Invalid, unknown.code, unknown.to_string()).with("transition", &unknown.name)
    }
}

impl From<BadArguments> for Error {
    fn from(bad: BadArguments) -> Self {
        Self::new(ErrorKind::Invalid, bad.code, bad.to_string()).with("argument", &bad.path)
    }
}

impl<E: Into<Self>> From<TriggerError<E>> for Error {
    fn from(error: TriggerError<E>) -> Self {
        match error {
            TriggerError::Unknown(unknown) => unknown.into(),
            TriggerError::Arguments(bad) => bad.into(),
            TriggerError::Refused(error) => error.into(),
        }
    }
}

/// The nearest of the names: at most a third of the letters differ, and one may always.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let limit = (name.chars().count() / 3).max(1);
    let near = known.iter().map(|known| (distance(name, known), *known)).filter(|(distance, _)| *distance <= limit);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// Insert, delete, replace, and swap two neighbours, each at a cost of 1.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::{BadArguments, TriggerError, UnknownTransition};
    use crate::error::{Error, ErrorKind};

    #[test]
    fn an_unknown_name_is_told_the_nearest() {
        let unknown = UnknownTransition::new("order/unknown_transition", "shpi", vec!["pay", "ship"]);
        assert_eq!(unknown.nearest(), Some("ship"));
        assert_eq!(unknown.to_string(), "unknown transition `shpi` (did you mean `ship`?); there are `pay`, `ship`");
        assert_eq!(UnknownTransition::new("x/y", "annotate", vec!["pay"]).nearest(), None);
    }

    #[test]
    fn an_error_of_a_call_by_name_is_invalid_input_under_its_own_code() {
        let bad: TriggerError<Error> = BadArguments::new("order/bad_arguments", "payment", "it is missing").into();
        assert_eq!(bad.to_string(), "argument `payment`: it is missing");
        let error = Error::from(bad);
        assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "order/bad_arguments"));
    }
}
