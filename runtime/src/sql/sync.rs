//! What the queues wait with; `shuttled` puts other ones in its place, whose turns it chooses.

#[cfg(feature = "sqlite")]
pub(super) use std::sync::Condvar;
pub(super) use std::sync::{Mutex, MutexGuard};
