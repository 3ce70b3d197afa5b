//! The figures, read from the shop.

use std::time::Duration;

use bailiwick::{App, Error, SendError};
use serde::Serialize;

use super::memory;
use crate::{
    loyalty::{MONTHS, Member, ReadOverview, Sum, Tiers},
    sales::{Month, REVENUE_BY_MONTH},
};

/// So many of the best customers are shown.
const BEST: usize = 10;

/// What this run did, as far as the shop does not know it.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Where the orders come from.
    pub(crate) source: String,
    /// Lines that were orders.
    pub(crate) read: u64,
    /// Lines that were none.
    pub(crate) bad_lines: u64,
    /// Events in the store before.
    pub(crate) events_before: u64,
    /// Orders that the second context knew before.
    pub(crate) heard_before: u64,
    /// From the first command until the outbox was empty.
    pub(crate) elapsed: Duration,
}

/// Everything that the report says. The first block speaks for sales, `projection_…` for loyalty: each counts for itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figures {
    /// Orders placed, all runs together.
    pub(crate) orders: u64,
    /// Customers who placed them.
    pub(crate) customers: u64,
    /// Pieces sold.
    pub(crate) items: u64,
    /// What they cost, in cents.
    pub(crate) revenue_cents: u64,
    /// Orders that reached the second context.
    pub(crate) projection_orders: u64,
    /// Customers there.
    pub(crate) projection_customers: u64,
    /// What was bought there, in cents.
    pub(crate) projection_revenue_cents: u64,
    /// Customers in each tier.
    pub(crate) tiers: Tiers,
    /// Whether both sides have the same figures, month by month.
    pub(crate) both_sides_agree: bool,
    /// Messages still on their way.
    pub(crate) outbox_pending: u64,
    /// Messages that were given up.
    pub(crate) dead_letters: u64,
    /// Events in the store, all runs together.
    pub(crate) events: u64,
    /// Events that this run appended.
    pub(crate) new_events: u64,
    /// Messages that the second context took in during this run.
    pub(crate) messages_handled: u64,
    /// Lines of this run that were orders.
    pub(crate) lines_read: u64,
    /// Lines of this run that were none.
    pub(crate) bad_lines: u64,
    /// From the first command of this run until the outbox was empty.
    pub(crate) seconds: f64,
    /// See [`Figures::RATE`].
    pub(crate) events_per_second: f64,
    /// New events per second, each counted once.
    pub(crate) orders_per_second: f64,
    /// The largest resident memory; `None` where the system does not say.
    pub(crate) peak_rss_bytes: Option<u64>,
    /// Where the orders came from.
    pub(crate) source: String,
    /// Revenue by month, as sales has it.
    pub(crate) months: Vec<MonthLine>,
    /// The best customers, as loyalty has them.
    pub(crate) best_customers: Vec<Best>,
}

/// A month of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MonthLine {
    /// Such as `1997-01`.
    pub(crate) month: String,
    /// Orders placed in it.
    pub(crate) orders: u64,
    /// What they cost, in cents.
    pub(crate) cents: u64,
}

/// A customer of the report.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Best {
    /// The id.
    pub(crate) customer: String,
    /// What the customer has bought.
    #[serde(flatten)]
    pub(crate) member: Member,
}

impl Figures {
    /// How `events_per_second` is counted.
    pub(crate) const RATE: &'static str =
        "events appended plus events handled on the other side, from the first command until the outbox was empty";

    /// Reads them from the shop.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn read(app: &App, run: Run) -> Result<Self, Error> {
        let counts = app.counts().await?;
        let overview = app.query(ReadOverview { best: BEST }).await.map_err(runtime)?;
        let (sales, loyalty) = (app.read(REVENUE_BY_MONTH).all().await?, app.read(MONTHS).all().await?);
        let all = sum(sales.iter().map(|(_, month)| month));
        let (new_events, heard) = (counts.events - run.events_before, overview.total.orders - run.heard_before);
        let rate = |events: u64| events as f64 / run.elapsed.as_secs_f64().max(0.001);
        Ok(Self {
            orders: all.orders,
            customers: all.customers,
            items: all.items,
            revenue_cents: all.cents,
            projection_orders: overview.total.orders,
            projection_customers: overview.members,
            projection_revenue_cents: overview.total.cents,
            tiers: overview.tiers,
            both_sides_agree: all.customers == overview.members && agree(&sales, &loyalty, overview.total),
            outbox_pending: counts.outbox,
            dead_letters: counts.dead,
            events: counts.events,
            new_events,
            messages_handled: heard,
            lines_read: run.read,
            bad_lines: run.bad_lines,
            seconds: run.elapsed.as_secs_f64(),
            events_per_second: rate(new_events + heard),
            orders_per_second: rate(new_events),
            peak_rss_bytes: memory::peak(),
            source: run.source,
            months: sales
                .into_iter()
                .map(|(month, Month { orders, cents, .. })| MonthLine { month, orders, cents })
                .collect(),
            best_customers: overview.best.into_iter().map(|(customer, member)| Best { customer, member }).collect(),
        })
    }
}

fn sum<'a>(months: impl Iterator<Item = &'a Month>) -> Month {
    months.fold(Month::default(), |all, month| Month {
        orders: all.orders + month.orders,
        customers: all.customers + month.customers,
        items: all.items + month.items,
        cents: all.cents + month.cents,
    })
}

/// Whether loyalty has heard of everything that sales has sold, and of nothing else.
fn agree(sales: &[(String, Month)], loyalty: &[(String, Sum)], total: Sum) -> bool {
    let sold = sales.iter().map(|(month, sold)| (month, Sum { orders: sold.orders, cents: sold.cents }));
    let all = sum(sales.iter().map(|(_, month)| month));
    sold.eq(loyalty.iter().map(|(month, heard)| (month, *heard)))
        && total == Sum { orders: all.orders, cents: all.cents }
}

fn runtime(error: SendError<Error>) -> Error {
    match error {
        SendError::Rejected(error) | SendError::Runtime(error) => error,
    }
}
