//! Sales, the first context: customers place orders.
//!
//! It owns the streams of customers. What it tells others is [`OrderPlaced`] on the topic `orders`; what it shows is
//! [`REVENUE_BY_MONTH`], which changes in the transaction of the order itself.

mod customer;
mod order;
mod revenue;
#[cfg(test)]
mod stored;

pub(crate) use customer::{Customer, OrderError};
pub(crate) use order::{CustomerId, OrderNumber, OrderPlaced, PlaceOrder};
pub(crate) use revenue::{Month, REVENUE_BY_MONTH, RevenueByMonth};
