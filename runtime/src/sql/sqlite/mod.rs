//! One SQLite file: a thread that writes, and threads that read.

mod apply;
mod classify;
mod connection;
mod migrate;
mod options;
mod queue;
mod readers;
mod reads;
mod rows;
mod store;
mod writer;

pub use options::{SqliteOptions, Synchronous};
pub use store::SqliteStore;
