//! What those who run an application look after: parked messages and projections.

mod dead_letters;
mod projections;
