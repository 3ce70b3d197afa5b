//! Faults of the store over SQLite.

mod cancelled;
mod child;
mod disk;
mod killed;
mod locked;
mod races;
mod support;
