//! Loyalty, the second context, on the other side of the broker: who buys how much.
//!
//! It hears of orders through outbox, relay and broker, and keeps read models of its own. It never looks into those of
//! sales, so its figures show that each message took effect, once.

mod members;
mod overview;
mod service;

pub(crate) use members::{MEMBERS, MONTHS, Member, Sum, TOTAL, Tier};
pub(crate) use overview::{Overview, Tiers};
pub(crate) use service::{Loyalty, ReadOverview};
