//! How macros read what users write.

mod entry;
mod item;
mod options;
mod serde_words;

pub(crate) use entry::Entry;
pub(crate) use item::{borrow_in, parse, refuse_lifetimes, wrong_item};
pub(crate) use options::{Grammar, Opt, Options};
pub(crate) use serde_words::{Word, serde_words};
