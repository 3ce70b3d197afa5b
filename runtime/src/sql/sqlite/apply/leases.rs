//! Leases, by the clock of the database.

use rusqlite::{Connection, OptionalExtension};

use super::super::{
    classify::Failure,
    rows::{int, number},
};
use super::verify::exists;
use crate::store::{Fence, Lease, LeaseRequest, refusal};

/// Refuses the work of a holder that lost its lease.
pub(super) fn check(db: &Connection, fence: &Fence) -> Result<(), Failure> {
    let sql = "SELECT 1 FROM bw_lease WHERE resource = ?1 AND fence = ?2 AND holder IS NOT NULL";
    if exists(db, sql, (&fence.resource, int(fence.fence)))? {
        return Ok(());
    }
    Err(refusal::lease_lost(fence).into())
}

/// Takes a lease that is free or expired, or renews the holder's own.
pub(in super::super) fn take(db: &Connection, request: &LeaseRequest) -> Result<Option<Lease>, Failure> {
    let sql = "INSERT INTO bw_lease (resource, holder, fence, expires)
        VALUES (?1, ?2, 1, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?3)
        ON CONFLICT DO UPDATE SET
            fence = bw_lease.fence + (bw_lease.holder IS NOT excluded.holder),
            holder = excluded.holder,
            expires = excluded.expires
        WHERE bw_lease.holder IS NULL OR bw_lease.holder = excluded.holder OR bw_lease.expires <= excluded.expires - ?3
        RETURNING fence";
    let ttl = i64::try_from(request.ttl.as_micros()).unwrap_or(i64::MAX).min(i64::MAX / 2);
    let params = (&request.resource, &request.holder, ttl);
    let fence = db.prepare_cached(sql)?.query_row(params, |row| number(row, 0)).optional()?;
    let lease = |fence| Lease { resource: request.resource.clone(), holder: request.holder.clone(), fence };
    Ok(fence.map(lease))
}

/// Gives a lease back; its number stays, so that the next holder's is higher.
pub(in super::super) fn release(db: &Connection, lease: &Lease) -> Result<(), Failure> {
    let sql = "UPDATE bw_lease SET holder = NULL WHERE resource = ?1 AND holder = ?2 AND fence = ?3";
    db.prepare_cached(sql)?.execute((&lease.resource, &lease.holder, int(lease.fence)))?;
    Ok(())
}
