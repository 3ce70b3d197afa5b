//! What the store in memory waits with; `shuttled` puts another in its place, whose turns it chooses.

pub(super) use std::sync::{Mutex, MutexGuard};
