//! Faults of the store over SQLite.

mod cancelled;
pub mod child;
pub mod disk;
mod import;
mod killed;
mod locked;
mod races;
mod support;
