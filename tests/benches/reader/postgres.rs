//! The schemas and the statements by hand of the event store's cases, and the page.

#[path = "../event_store/postgres/by_hand.rs"]
#[allow(dead_code, reason = "streams are the event store's")]
pub mod by_hand;
#[path = "../event_store/postgres/database.rs"]
#[allow(dead_code, reason = "snapshots are the event store's")]
pub mod database;

use sqlx::{Postgres, postgres::PgArguments, query::Query};

const PAGE: &str =
    "SELECT position, version, message, name, schema, kind, time, key, metadata, payload, category, stream
    FROM event WHERE position > $1 ORDER BY position LIMIT $2";

/// Reads events of all streams.
pub fn select_page(after: i64, most: i64) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(PAGE).bind(after).bind(most)
}

const STORED: &str =
    "SELECT position, version, message, name, schema, kind, time, key, metadata, payload, category, stream
    FROM bw_event WHERE position > $1 ORDER BY position LIMIT $2";

/// The same of the store's own table.
pub fn select_stored(after: i64, most: i64) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(STORED).bind(after).bind(most)
}
