//! Repositories beside other crates' mappers: the sides of `tests/benches/repository`, and theirs, in the same rounds.

#[path = "../../benches/support/mod.rs"]
mod support;

#[path = "../../benches/repository/by_hand.rs"]
mod by_hand;
#[path = "../../benches/repository/cases.rs"]
mod cases;
#[path = "../../benches/repository/order.rs"]
mod order;
#[path = "../../benches/repository/ours.rs"]
mod ours;
#[path = "repository/mod.rs"]
mod peers;
#[path = "../../benches/repository/place.rs"]
mod place;
#[path = "../../benches/event_store/setting.rs"]
#[allow(dead_code, reason = "one caller is enough here")]
mod setting;
#[path = "../../benches/repository/sides.rs"]
mod sides;
#[path = "../../benches/repository/unit.rs"]
mod unit;

use std::process::ExitCode;

use place::Kind;
use support::Area;

const ABOUT: &str = "The cases of `repository`, measured anew beside SeaORM 2.0.4 and Diesel 2.3.14. SeaORM has the pools of base; its pages \
by keys are `cursor_by`, by keys of both directions a condition, and many rows are `insert_many` in one transaction. Diesel is \
diesel-async 0.9.2 with deadpool on PostgreSQL; on SQLite it has its own r2d2 and blocks the thread of its caller: it is shown, \
and no must holds ours against it, because sqlx and ours pass each answer between threads. Both name the tenant in each \
read, read a row into the struct that they derive, and write plain comparisons joined by OR where keys decide.";

fn main() -> ExitCode {
    let mut area = Area::new("repository_peers", ABOUT);
    for mode in area.args().modes() {
        cases::cases(&mut area, Kind::Sqlite, mode);
        cases::cases(&mut area, Kind::Postgres, mode);
    }
    area.finish()
}
