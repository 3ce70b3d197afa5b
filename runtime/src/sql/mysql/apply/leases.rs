//! Leases, by the clock of the database.

use sqlx::MySqlConnection;

use super::super::{super::words::int, classify::Failure};
use crate::store::{Fence, Lease, LeaseRequest, refusal};

/// Refuses the work of a holder that lost its lease, and keeps others from taking it before the transaction ends.
pub(super) async fn check(db: &mut MySqlConnection, fences: &[Fence]) -> Result<(), Failure> {
    for fence in fences {
        let sql = "SELECT 1 FROM bw_lease WHERE resource = ? AND fence = ? AND holder IS NOT NULL LOCK IN SHARE MODE";
        let query = sqlx::query(sql).bind(fence.resource.as_bytes()).bind(int(fence.fence));
        if query.fetch_all(&mut *db).await?.is_empty() {
            return Err(refusal::lease_lost(fence).into());
        }
    }
    Ok(())
}

/// The server answers the fence as if it were the number of a new row. Assignments are made from left to right.
const TAKE: &str = "UPDATE bw_lease SET
        fence = LAST_INSERT_ID(fence + IF(holder <=> ?, 0, 1)),
        holder = ?,
        expires = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED) + ?
    WHERE resource = ? AND (holder IS NULL OR holder = ?
        OR expires <= CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED))";

/// Takes a lease that is free or expired, or renews the holder's own.
pub(in super::super) async fn take(db: &mut MySqlConnection, request: &LeaseRequest) -> Result<Option<Lease>, Failure> {
    let found = update(db, request).await?;
    if found.is_some() {
        return Ok(found);
    }
    let sql = "INSERT INTO bw_lease (resource, holder, fence, expires) VALUES (?, NULL, 0, 0)
        ON DUPLICATE KEY UPDATE fence = fence";
    sqlx::query(sql).bind(request.resource.as_bytes()).execute(&mut *db).await?;
    update(db, request).await
}

async fn update(db: &mut MySqlConnection, request: &LeaseRequest) -> Result<Option<Lease>, Failure> {
    let ttl = i64::try_from(request.ttl.as_micros()).unwrap_or(i64::MAX).min(i64::MAX / 4);
    let (resource, holder) = (request.resource.as_bytes(), request.holder.as_bytes());
    let query = sqlx::query(TAKE).bind(holder).bind(holder).bind(ttl).bind(resource).bind(holder);
    let done = query.execute(db).await?;
    let lease = |fence| Lease { resource: request.resource.clone(), holder: request.holder.clone(), fence };
    Ok((done.rows_affected() > 0).then(|| lease(done.last_insert_id())))
}

/// Gives a lease back; its number stays, so that the next holder's is higher.
pub(in super::super) async fn release(db: &mut MySqlConnection, lease: &Lease) -> Result<(), Failure> {
    let sql = "UPDATE bw_lease SET holder = NULL WHERE resource = ? AND holder = ? AND fence = ?";
    let query = sqlx::query(sql).bind(lease.resource.as_bytes()).bind(lease.holder.as_bytes());
    query.bind(int(lease.fence)).execute(db).await?;
    Ok(())
}
