//! Entities and specifications.

mod chance;
mod entities;
mod filters;
mod hostile;
mod order;
mod rows;
mod units;
mod written;
