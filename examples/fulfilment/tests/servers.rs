//! The program on PostgreSQL and on MySQL or MariaDB: the figures are those of SQLite.
#![allow(clippy::unwrap_used, reason = "plain speech in tests")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod support;

use serde_json::Value;
use support::Shop;
use tests::servers::{self, Server};

/// What does not depend on time and machine.
fn lasting(mut figures: Value) -> Value {
    for name in ["seconds", "events_per_second", "orders_per_second", "peak_rss_bytes"] {
        assert!(figures.as_object_mut().unwrap().remove(name).is_some(), "{name}");
    }
    figures
}

fn gives_the_figures_of_sqlite(server: Option<Server>) {
    let Some(room) = server.map(|server| server.room()) else { return };
    let (here, there) = (Shop::new(), Shop::at(room.own_url()));
    let limit = ["--limit", "600"];
    for new in [600, 0] {
        let figures = there.figures(&limit);
        assert_eq!((&figures["orders"], &figures["new_events"]), (&600.into(), &new.into()));
        assert_eq!(figures["both_sides_agree"], true);
        assert_eq!(lasting(figures), lasting(here.figures(&limit)), "left: there, right: SQLite");
    }
}

#[test]
fn postgresql_gives_the_figures_of_sqlite() {
    gives_the_figures_of_sqlite(servers::postgres());
}

#[test]
fn mysql_gives_the_figures_of_sqlite() {
    gives_the_figures_of_sqlite(servers::mysql());
}
