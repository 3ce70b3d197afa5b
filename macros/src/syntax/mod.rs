//! How macros read what users write.

mod options;

pub(crate) use options::{Entry, Grammar, Opt, Options};
