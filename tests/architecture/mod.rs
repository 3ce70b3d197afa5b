//! The checker: each module is one group of rules; all take the root of the tree, so that they also run on a copy.

pub mod budgets;
pub mod cargo;
pub mod exceptions;
pub mod facade;
pub mod homes;
pub mod injection;
pub mod layers;
pub mod source;
pub mod tokens;
pub mod tree;

use std::fmt;

/// One breach of one rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    pub line: usize,
    pub rule: &'static str,
    pub what: String,
}

impl Finding {
    pub fn new(file: impl Into<String>, line: usize, rule: &'static str, what: impl Into<String>) -> Self {
        Self { file: file.into(), line, rule, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.rule, self.what)
    }
}
