//! The order: what somebody wants, and the fact that it was placed.

use std::sync::Arc;

use bailiwick::{Command, Event, Id};
use serde::{Deserialize, Serialize};

use crate::day::Day;

/// Who orders.
#[derive(Id)]
pub(crate) struct CustomerId(String);

/// What tells one order from every other: where it was written down. Two lines that read alike are two orders; the same
/// line, read again, is the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderNumber {
    /// The name of the file.
    pub(crate) source: Arc<str>,
    /// The line in it, from 1.
    pub(crate) line: u64,
}

/// A customer orders something.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PlaceOrder {
    /// Who orders.
    #[target]
    pub(crate) customer: CustomerId,
    /// Which order it is; placing it again changes nothing.
    pub(crate) number: OrderNumber,
    /// When.
    pub(crate) on: Day,
    /// How many pieces.
    pub(crate) items: u32,
    /// For how much, in cents.
    pub(crate) cents: u64,
}

/// A customer has ordered something: an event of the customer's stream, and the message to other contexts.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "sales.order_placed", kind = notification, topic = "orders", key = customer)]
pub(crate) struct OrderPlaced {
    /// Who ordered.
    pub(crate) customer: CustomerId,
    /// Which order it is.
    pub(crate) number: OrderNumber,
    /// The how-manieth of this customer, from 1.
    pub(crate) nth: u32,
    /// When.
    pub(crate) on: Day,
    /// How many pieces.
    pub(crate) items: u32,
    /// For how much, in cents.
    pub(crate) cents: u64,
}
