//! The reader of the global order on PostgreSQL: what it loses, how long it stands still, what it takes from the writers, how
//! soon it wakes, and how fast a projection follows.
//!
//! Each side has a schema of its own; what it did is compared with the other sides, or counted there at the end.

mod support;

#[path = "event_store/accounts.rs"]
#[allow(dead_code, reason = "the aggregate is the event store's")]
mod accounts;
#[path = "event_store/callers.rs"]
mod callers;
#[path = "reader/order/mod.rs"]
mod order;
#[path = "reader/page.rs"]
mod page;
#[path = "reader/postgres.rs"]
mod postgres;
#[path = "reader/price.rs"]
mod price;
#[path = "reader/projection/mod.rs"]
mod projection;
#[path = "event_store/setting.rs"]
#[allow(dead_code, reason = "no figure here depends on the mode")]
mod setting;
#[path = "reader/tail.rs"]
mod tail;
#[path = "reader/wake.rs"]
mod wake;

use std::process::ExitCode;

use support::{Area, Mode};

const ABOUT: &str = "PostgreSQL, JSON events of about 150 bytes; a store of its own, with its own connections, stands for a process. \
**Eight writers**, relaxed: 4 % of the transactions are rolled back, one in 300 lasts 120 ms, half of the rest go through a store and \
half are INSERTs by hand. Readers poll beside them: ours; `position > last`; and one that stays behind the oldest transaction of the \
server (`pg_snapshot_xmin`). Lost is what lies below a reader's position and was never given out; behind is what lies above it after \
one poll of 1,000 when the writers have stopped; standstill is the longest time between two pages that were not empty. The longest own \
transaction is measured, too. **Price for writers**: median of waves of appends, one event each; the tail is a follower in another \
process, woken by notices, which must have taken every event. By hand: as many connections as clients, a plain INSERT. **Wake-up**: \
median from the acknowledged commit to the event in the projection of a follower that never looks by itself; the base reads a page with \
one new event. Across processes the commit comes right after another one, so that its notice is held back. **Projection**: 100 sums \
in a read model, 500 events in a transaction, under a lease that is taken and given back; by hand, on \
the store's tables, the statements of the store, and a plain loop with tables of its own; neither holds a row against its checksum. Pages: the tenth \
percentile, as in `event_store`.";

fn main() -> ExitCode {
    let mut area = Area::new("reader", ABOUT);
    if std::env::var_os("BAILIWICK_TEST_POSTGRES_URL").is_none_or(|url| url.is_empty()) {
        println!("reader: skipped: BAILIWICK_TEST_POSTGRES_URL is not set; see `tests/run servers`");
        return ExitCode::SUCCESS;
    }
    for mode in area.args().modes() {
        page::cases(&mut area, mode);
        projection::cases(&mut area, mode);
    }
    if area.args().modes().contains(&Mode::Relaxed) {
        order::cases(&mut area);
        wake::cases(&mut area);
    }
    if area.args().modes().contains(&Mode::Durable) {
        price::cases(&mut area);
    }
    area.finish()
}
