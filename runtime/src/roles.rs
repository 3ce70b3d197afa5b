//! The roles of methods, as words that can be written with a path. Each has a meaning only inside its macro.

pub use bailiwick_macros::{apply, authorize, execute, handle, project, subscribe, undo, validate};
