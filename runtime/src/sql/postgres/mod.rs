//! PostgreSQL: connections that write in turn, and connections that read.

mod apply;
mod barrier;
mod catalog;
mod classify;
mod connection;
mod entities;
mod health;
mod migrate;
mod notify;
mod options;
mod reads;
mod rows;
mod store;
mod tenants;
mod writer;

pub use options::PostgresOptions;
pub use store::PostgresStore;
