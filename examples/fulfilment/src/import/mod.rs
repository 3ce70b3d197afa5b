//! The import: each line of the file becomes a command, in the order of the file for each customer.
//!
//! The file is read as a stream and at most a window of orders is on its way, so memory does not grow with the file. Many
//! customers are served at the same time, because commands that wait together share one commit.

mod bad_lines;
mod journal;
mod lanes;
mod meter;
mod progress;

use std::{path::PathBuf, sync::Arc};

use bailiwick::App;

pub(crate) use bad_lines::BadLines;
pub(crate) use meter::Meter;
pub(crate) use progress::{Phase, Progress};

use self::{journal::Journal, lanes::Lanes};
use crate::{
    cdnow::{BadLine, Input, Order, Reason},
    failure::Failure,
    sales::{CustomerId, OrderNumber, PlaceOrder},
};

/// What to import.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// From where.
    pub(crate) input: Input,
    /// At most so many orders.
    pub(crate) limit: Option<u64>,
    /// Whether a line that is no order ends the import.
    pub(crate) strict: bool,
    /// Where to take down which orders are placed.
    pub(crate) journal: Option<PathBuf>,
}

impl Plan {
    /// Imports. Whatever the answer, every order that was begun has come to its end.
    ///
    /// # Errors
    /// The first failure; with `strict` also the first line that is no order.
    pub(crate) async fn carry_out(&self, app: &App, progress: &Arc<Progress>) -> Result<(), Failure> {
        let bad_lines = Arc::new(BadLines::new(self.strict, Arc::clone(progress)));
        let journal = Journal::open(self.journal.as_deref()).map_err(Failure::Journal)?;
        let lanes = Lanes::open(app, progress, &bad_lines, journal);
        let read = self.read(&lanes, &bad_lines, progress).await;
        let placed = lanes.close().await; // the reader stops as well when an order fails, and that is why
        bad_lines.finish();
        placed.and(read)
    }

    async fn read(&self, lanes: &Lanes, bad_lines: &BadLines, progress: &Progress) -> Result<(), Failure> {
        let refused = |source| Failure::Input { input: self.input.origin(), source };
        let mut orders = self.input.open().map_err(refused)?;
        let (source, mut left) = (Arc::from(self.input.source()), self.limit.unwrap_or(u64::MAX));
        while left > 0
            && let Some(order) = orders.next()
        {
            progress.read(orders.bytes());
            match order {
                Ok(order) => match lanes.place(command(order, &source)).await {
                    Some(()) => left -= 1,
                    None => return Ok(()), // a lane has failed and says why
                },
                Err(BadLine { reason: Reason::Unreadable(source), .. }) => return Err(refused(source)),
                Err(bad_line) => bad_lines.report(bad_line)?,
            }
        }
        Ok(())
    }
}

/// The words of the file in the words of the shop.
fn command(order: Order, source: &Arc<str>) -> PlaceOrder {
    let Order { line, customer, on, items, cents } = order;
    let number = OrderNumber { source: Arc::clone(source), line };
    PlaceOrder { customer: CustomerId::from(customer), number, on, items, cents }
}
