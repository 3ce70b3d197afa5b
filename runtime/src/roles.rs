//! The roles of methods, as words that can be written with a path. Each has a meaning only inside its macro.

pub use bailiwick_macros::{
    apply, authorize, execute, handle, on_enter, on_exit, on_transition, project, subscribe, transition, undo, validate,
};
