//! What to do about a failure that may pass.

mod backoff;

pub(crate) use backoff::Backoff;
