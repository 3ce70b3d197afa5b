//! Entities with state machines.

mod logged;
mod transitioned;

pub(crate) use logged::Hear;
pub use logged::{Logged, Logs};
pub use transitioned::Transitioned;
