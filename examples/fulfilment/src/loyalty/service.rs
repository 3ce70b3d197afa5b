//! The service of loyalty: hears of orders, answers what they come to.

use bailiwick::{Context, Error, Query, Recorded, service};

use super::{MEMBERS, MONTHS, Overview, TOTAL};
use crate::sales::OrderPlaced;

/// Hears of orders and answers what they come to.
#[derive(Debug)]
pub(crate) struct Loyalty;

/// Asks for totals, tiers and the best customers.
#[derive(Query, Debug, Clone)]
#[query(output = Overview)]
pub(crate) struct ReadOverview {
    /// How many of the best customers.
    pub(crate) best: usize,
}

#[service(name = "loyalty")]
impl Loyalty {
    /// Counts an order. The three rows and the mark in the inbox are one transaction: a message that comes twice counts
    /// once.
    #[subscribe]
    async fn count(&self, event: &Recorded<OrderPlaced>, cx: &mut Context) -> Result<(), Error> {
        let cents = event.cents;
        cx.update(TOTAL, "all", move |total| total.add(cents));
        cx.update(MONTHS, event.on.month(), move |month| month.add(cents));
        cx.update(MEMBERS, event.customer.to_string(), move |member| member.add(cents));
        Ok(())
    }

    /// Reads through all members, a page at a time.
    #[handle]
    async fn overview(&self, query: ReadOverview, cx: &Context) -> Result<Overview, Error> {
        let mut overview = Overview::new(cx.read(TOTAL).get("all").await?.unwrap_or_default());
        let (rows, mut after) = (cx.read(MEMBERS), None::<String>);
        loop {
            let page = rows.after(after.as_deref(), 1_000).await?;
            let Some((last, _)) = page.last() else { return Ok(overview) };
            after = Some(last.clone());
            overview.take(page, query.best);
        }
    }
}
