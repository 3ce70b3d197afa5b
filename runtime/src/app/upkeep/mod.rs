//! What those who run an application look after: parked messages, projections, stored states.

mod dead_letters;
mod projections;
mod states;
