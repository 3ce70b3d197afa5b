//! The lines of a file: what they say, and how they are read.

mod line;
mod lines;

pub(super) use line::{End, FORMAT, Header, Line, VERSION};
pub(super) use lines::{Found, Lines};
