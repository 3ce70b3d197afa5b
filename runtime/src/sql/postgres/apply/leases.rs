//! Leases, by the clock of the database.

use sqlx::PgConnection;

use super::super::{super::words::int, classify::Failure, rows::number};
use crate::store::{Fence, Lease, LeaseRequest, refusal};

/// Refuses the work of a holder that lost its lease, and keeps others from taking it before the transaction ends.
pub(super) async fn check(db: &mut PgConnection, fences: &[Fence]) -> Result<(), Failure> {
    for fence in fences {
        let sql = "SELECT FROM bw_lease WHERE resource = $1 AND fence = $2 AND holder IS NOT NULL FOR SHARE";
        let held = sqlx::query(sql).bind(&fence.resource).bind(int(fence.fence)).fetch_optional(&mut *db).await?;
        held.ok_or_else(|| refusal::lease_lost(fence))?;
    }
    Ok(())
}

/// Takes a lease that is free or expired, or renews the holder's own.
pub(in super::super) async fn take(db: &mut PgConnection, request: &LeaseRequest) -> Result<Option<Lease>, Failure> {
    let sql = "INSERT INTO bw_lease AS l (resource, holder, fence, expires)
        VALUES ($1, $2, 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + $3)
        ON CONFLICT (resource) DO UPDATE SET
            fence = l.fence + CASE WHEN l.holder IS DISTINCT FROM excluded.holder THEN 1 ELSE 0 END,
            holder = excluded.holder,
            expires = excluded.expires
        WHERE l.holder IS NULL OR l.holder = excluded.holder
            OR l.expires <= (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
        RETURNING fence";
    let ttl = i64::try_from(request.ttl.as_micros()).unwrap_or(i64::MAX).min(i64::MAX / 4);
    let query = sqlx::query(sql).bind(&request.resource).bind(&request.holder).bind(ttl);
    let found = query.fetch_all(db).await?;
    let lease = |fence| Lease { resource: request.resource.clone(), holder: request.holder.clone(), fence };
    found.first().map(|row| Ok(lease(number(row, 0)?))).transpose()
}

/// Gives a lease back; its number stays, so that the next holder's is higher.
pub(in super::super) async fn release(db: &mut PgConnection, lease: &Lease) -> Result<(), Failure> {
    let sql = "UPDATE bw_lease SET holder = NULL WHERE resource = $1 AND holder = $2 AND fence = $3";
    sqlx::query(sql).bind(&lease.resource).bind(&lease.holder).bind(int(lease.fence)).execute(db).await?;
    Ok(())
}
