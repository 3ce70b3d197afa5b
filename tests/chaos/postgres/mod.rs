//! Faults of the store over PostgreSQL: the server killed, its client killed, the wire cut.

mod cut;
mod killed;
mod projections;
mod states;
pub mod support;
