//! What all cases share: the figure for a mode, and the runtimes.

use tokio::runtime::Runtime;

use super::support::Mode;

/// The figure for the mode.
pub fn of<T>(mode: Mode, relaxed: T, durable: T) -> T {
    match mode {
        Mode::Relaxed => relaxed,
        Mode::Durable => durable,
    }
}

/// One thread: for one caller.
pub fn alone() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Two threads: for many callers.
pub fn together() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
