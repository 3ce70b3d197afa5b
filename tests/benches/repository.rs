//! Repositories on SQLite and on PostgreSQL, beside sqlx as it is used from a pool, and beside sqlx on a connection that is
//! held.

mod support;

#[path = "repository/by_hand.rs"]
mod by_hand;
#[path = "repository/cases.rs"]
mod cases;
#[path = "repository/order.rs"]
mod order;
#[path = "repository/ours.rs"]
mod ours;
#[path = "repository/no_peers.rs"]
mod peers;
#[path = "repository/place.rs"]
mod place;
#[path = "event_store/setting.rs"]
#[allow(dead_code, reason = "one caller is enough here")]
mod setting;
#[path = "repository/sides.rs"]
mod sides;
#[path = "repository/unit.rs"]
mod unit;

use std::process::ExitCode;

use place::Kind;
use support::Area;

const ABOUT: &str = "Wall time of an operation, the tenth percentile of those in a round; 300,000 rows of 8 columns of one tenant, in the table \
that `Db::migrate` makes: with three indexes where it is read, with its key alone where it is written. SQLite with a write-ahead \
log, relaxed `synchronous=NORMAL`, durable `FULL`; PostgreSQL, relaxed `synchronous_commit=off`, durable `on`. Base: sqlx from a \
pool of four, each row read into a struct; many rows by `push_values`, as many in a statement as it takes, in one transaction. \
Held: sqlx on one connection; many rows in statements of a hundred. Ours: `Repository` of a `Scoped`, which seals two cursors for \
each page by keys. Every read is compared with what lies in the table; what was written is counted there. **Calls of one**: rows by \
id, one after another; session and unit (`Begin::write`, and the commit) are begun for each piece of work, `ours` are the same calls \
without. **Smart OR**: keys of both directions; base is the page of one direction. **Row 100,000**: base is the page by OFFSET. \
**Page and count**: by `page_number`, which counts the rows, as base does. **Empty unit**: begun and rolled back. The rendering of a \
statement by itself cannot be seen from outside: its gate of 3 µs is open. Peers: not built here; the workspace \
`tests/peers/repository` measures the cases with them.";

fn main() -> ExitCode {
    let mut area = Area::new("repository", ABOUT);
    for mode in area.args().modes() {
        cases::cases(&mut area, Kind::Sqlite, mode);
        cases::cases(&mut area, Kind::Postgres, mode);
    }
    area.finish()
}
