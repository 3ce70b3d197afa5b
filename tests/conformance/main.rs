//! The suites of `bailiwick::testing`, run on every adapter of the project, and shown to fail on toys that break a promise.

mod archive;
mod dcb;
mod differential;
mod keys;
mod memory;
mod memory_broker;
mod model;
mod mysql;
mod postgres;
mod runtimes;
mod sqlite;
mod states;
mod toys;
