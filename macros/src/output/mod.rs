//! What several macros write in the same way.

pub(crate) mod fallback;
pub(crate) mod future;
pub(crate) mod handled;
pub(crate) mod show;
