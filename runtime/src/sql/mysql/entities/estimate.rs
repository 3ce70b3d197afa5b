//! How many rows a statement finds, as MySQL or MariaDB believes.

use sqlx::{MySqlConnection, Row as _, mysql::MySqlRow};

use super::{super::classify::Failure, failed, query};
use crate::sql::{query::Statement, server::Asked};

pub(super) async fn estimate(db: &mut MySqlConnection, (table, asked): Asked<'_>) -> Result<Option<u64>, Failure> {
    // MariaDB says only then which share of the rows is left, MySQL always.
    let sql = format!("EXPLAIN /*M! EXTENDED */ {}", asked.sql);
    let explain = Statement { sql, params: asked.params.clone(), by_hand: false };
    let plan = query(&explain)?.fetch_all(db).await.map_err(|error| failed(table, error))?;
    let Some(first) = plan.first() else { return Ok(None) };
    let (rows, share) = (number(first, "rows"), number(first, "filtered"));
    Ok(rows.zip(share).map(|(rows, share)| (rows * share / 100.0).round() as u64))
}

/// The servers do not agree on the types of these columns.
fn number(row: &MySqlRow, name: &str) -> Option<f64> {
    let whole = || row.try_get::<u64, _>(name).map(|number| number as f64).ok();
    let signed = || row.try_get::<i64, _>(name).map(|number| number as f64).ok();
    let float = || row.try_get::<f64, _>(name).or_else(|_| row.try_get::<f32, _>(name).map(f64::from)).ok();
    let text = || row.try_get::<String, _>(name).ok()?.parse().ok();
    whole().or_else(signed).or_else(float).or_else(text)
}
