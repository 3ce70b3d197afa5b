//! Faults of the store over SQLite.

mod cancelled;
pub mod child;
mod disk;
mod import;
mod killed;
mod locked;
mod races;
mod support;
