//! MySQL and MariaDB: one connection that writes, and connections that read.

mod apply;
mod catalog;
mod classify;
mod connection;
mod entities;
mod limits;
mod migrate;
mod options;
mod reads;
mod rows;
mod shapes;
mod store;
mod writer;

pub use options::MysqlOptions;
pub use store::MysqlStore;
