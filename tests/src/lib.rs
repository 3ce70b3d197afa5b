//! What the test targets of this package share.

/// The project's README, so that its program is compiled and run with the doctests.
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;

pub mod bank;
pub mod drop_at;
pub mod lister;
pub mod proxy;
pub mod servers;
