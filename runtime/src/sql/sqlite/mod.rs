//! One SQLite file: a thread that writes, and threads that read.

mod apply;
mod classify;
mod connection;
mod entities;
mod held;
mod migrate;
mod options;
mod queue;
mod readers;
mod reads;
mod rows;
#[cfg(test)]
mod shuttled;
mod store;
mod writer;
#[cfg(test)]
#[path = "writer/tests.rs"]
mod writer_tests;

pub use options::{SqliteOptions, Synchronous};
pub use store::SqliteStore;
