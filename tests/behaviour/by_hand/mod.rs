//! What each macro writes, written by a person against the public API, behaves the same.

mod aggregate;
mod command;
mod data;
mod entity;
mod machine;
mod projection;
mod service;
mod state;

/// The domain's no, in all of these tests.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("no")]
pub struct No;
