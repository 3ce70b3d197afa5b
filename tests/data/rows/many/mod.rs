//! What is asked and written of many rows at once.

pub mod bulk;
pub mod related;
pub mod streams;
pub mod sums;
pub mod upserts;
