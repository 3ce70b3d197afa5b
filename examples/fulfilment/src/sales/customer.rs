//! The customer: decides whether an order is new.

use bailiwick::aggregate;

use super::{CustomerId, OrderNumber, OrderPlaced, PlaceOrder};

/// A customer, as far as it matters for the next order.
#[derive(Debug, Default)]
pub(crate) struct Customer {
    orders: Vec<OrderNumber>,
}

/// Why an order is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrderError {
    /// There is nothing to deliver.
    #[error("an order has at least one item")]
    NoItems,
}

#[aggregate(name = "customer", id = CustomerId, event = OrderPlaced, error = OrderError)]
impl Customer {
    /// Places an order. One that was placed before is there already: nothing happens.
    #[handle(create_if_missing)]
    fn place(&self, command: PlaceOrder) -> Result<Option<OrderPlaced>, OrderError> {
        let PlaceOrder { customer, number, on, items, cents } = command;
        if items == 0 {
            return Err(OrderError::NoItems);
        }
        if self.has(&number) {
            return Ok(None);
        }
        let nth = u32::try_from(self.orders.len()).unwrap_or(u32::MAX).saturating_add(1);
        Ok(Some(OrderPlaced { customer, number, nth, on, items, cents }))
    }

    #[apply]
    fn placed(&mut self, event: &OrderPlaced) {
        self.orders.push(event.number.clone());
    }

    /// Lines come in their order, so that the place to look is the end.
    fn has(&self, number: &OrderNumber) -> bool {
        self.orders.iter().rev().any(|order| order == number)
    }
}
