//! What a breaker waits with; `shuttled` puts another one in its place, whose turns it chooses.

pub(super) use std::sync::Mutex;
