//! What to do about a failure that may pass.

mod backoff;
mod retry;

pub(crate) use backoff::Backoff;
pub(crate) use retry::Budget;
pub use retry::Retry;
