//! How many rows a statement finds, as PostgreSQL believes.

use sea_query::PostgresQueryBuilder;
use sqlx::{PgConnection, Row as _};

use super::{super::classify::Failure, failed, query};
use crate::sql::{
    query::{Statement, named},
    server::Asked,
};

/// A table that nobody has looked at yet: then the planner guesses, and not from its rows.
const UNKNOWN: &str = "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1) AND relkind = 'r' AND reltuples < 0";

pub(super) async fn estimate(db: &mut PgConnection, (table, asked): Asked<'_>) -> Result<Option<u64>, Failure> {
    let unknown = sqlx::query(UNKNOWN).bind(named::<PostgresQueryBuilder>(table)).fetch_one(&mut *db).await?;
    if unknown.try_get::<i64, _>(0)? > 0 {
        return Ok(None);
    }
    let explain = Statement { sql: format!("EXPLAIN {}", asked.sql), params: asked.params.clone(), by_hand: false };
    let plan = query(&explain)?.fetch_all(db).await.map_err(|error| failed(table, error))?;
    let Some(first) = plan.first() else { return Ok(None) };
    Ok(expected(first.try_get(0)?))
}

/// What the first line of a plan says, such as `Seq Scan on orders  (cost=0.00..18.50 rows=850 width=4)`.
fn expected(line: &str) -> Option<u64> {
    let (_, rows) = line.rsplit_once(" rows=")?;
    rows.split_once(' ')?.0.parse().ok()
}
