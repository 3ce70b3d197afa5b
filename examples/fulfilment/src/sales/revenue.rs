//! Revenue by month: counted in the transaction that places the order, so it is never behind.

use bailiwick::{Error, ReadModel, Recorded, Transaction, projection};
use serde::{Deserialize, Serialize};

use super::OrderPlaced;

/// One month, by its key such as `1997-01`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Month {
    /// Orders placed.
    pub(crate) orders: u64,
    /// Customers who had their first order.
    pub(crate) customers: u64,
    /// Pieces sold.
    pub(crate) items: u64,
    /// What was paid, in cents.
    pub(crate) cents: u64,
}

/// Revenue by month.
pub(crate) const REVENUE_BY_MONTH: ReadModel<Month> = ReadModel::new("sales.revenue_by_month");

/// Keeps [`REVENUE_BY_MONTH`].
#[derive(Debug)]
pub(crate) struct RevenueByMonth;

#[projection(name = "sales.revenue_by_month", version = 1, inline)]
impl RevenueByMonth {
    #[project]
    async fn placed(&self, event: &Recorded<OrderPlaced>, tx: &mut Transaction) -> Result<(), Error> {
        let &OrderPlaced { nth, items, cents, .. } = event.event();
        tx.update(REVENUE_BY_MONTH, event.on.month(), move |month| {
            month.orders += 1;
            month.customers += u64::from(nth == 1);
            month.items += u64::from(items);
            month.cents += cents;
        });
        Ok(())
    }
}
