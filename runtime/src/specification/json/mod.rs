//! Conditions as JSON: `{"v":1,"where":…}`.
//!
//! A reader counts while it parses, so that nothing larger than the policy allows is ever built.

mod asked;
mod leaf;
mod raw;
mod read;
mod write;

pub(crate) use asked::Asked;
pub(super) use read::{read, read_asked};
pub(super) use write::write;

use crate::error::{Error, ErrorKind};

/// The only version of the form.
const FORM: u64 = 1;

fn refused(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Invalid, code, message)
}
