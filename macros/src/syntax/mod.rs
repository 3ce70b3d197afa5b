//! How macros read what users write.

pub(crate) mod duration;
mod entry;
pub(crate) mod impl_block;
mod item;
mod options;
pub(crate) mod returns;
pub(crate) mod roles;
mod serde_words;
pub(crate) mod signature;

pub(crate) use entry::Entry;
pub(crate) use item::{misplaced, parse, refuse_lifetimes, wrong_item};
pub(crate) use options::{Grammar, Opt, Options};
pub(crate) use serde_words::{Word, serde_words};
