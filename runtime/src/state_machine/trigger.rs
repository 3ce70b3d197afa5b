//! Transitions by name.

use super::state::Quoted;
use crate::error::{Error, ErrorKind};

/// A name that is no transition, or none that may be called by name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown transition `{name}`{}; there are {}", near(.nearest), Quoted(.known))]
pub struct UnknownTransition {
    code: &'static str,
    name: String,
    nearest: Option<&'static str>,
    known: Vec<&'static str>,
}

fn near(nearest: &Option<&'static str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
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

impl From<UnknownTransition> for Error {
    fn from(unknown: UnknownTransition) -> Self {
        Self::new(ErrorKind::Invalid, unknown.code, unknown.to_string()).with("transition", &unknown.name)
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
