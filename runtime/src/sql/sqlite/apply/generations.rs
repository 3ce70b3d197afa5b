//! Which generation of a read model is live, and whose it is.

use rusqlite::{Connection, OptionalExtension};

use super::super::{
    classify::Failure,
    rows::{int, rows},
};
use crate::store::{GenerationChange, Swap, SwapGuard, refusal};

/// Refuses a read model that is another's.
pub(super) fn check_owners(db: &Connection, changes: &[GenerationChange]) -> Result<(), Failure> {
    for change in changes {
        let GenerationChange::Own { model, owner } = change else { continue };
        let sql = "SELECT owner FROM bw_model WHERE model = ?1 AND owner <> ?2";
        let other: Option<String> = db.prepare_cached(sql)?.query_row((model, owner), |row| row.get(0)).optional()?;
        if let Some(other) = other {
            return Err(refusal::foreign_model(model, owner, &other).into());
        }
    }
    Ok(())
}

/// Refuses a swap to a generation that lacks something.
pub(super) fn check_swaps(db: &Connection, changes: &[GenerationChange]) -> Result<(), Failure> {
    for change in changes {
        let GenerationChange::Swap(swap) = change else { continue };
        let stands = match &swap.guard {
            SwapGuard::Head => super::super::reads::head(db)? <= swap.position,
            SwapGuard::Checkpoint(name) => {
                super::super::reads::checkpoint(db, name)?.unwrap_or_default() == swap.position
            }
        };
        if !stands {
            return Err(refusal::generation_behind(swap).into());
        }
    }
    Ok(())
}

/// Enters owners.
pub(super) fn own(db: &Connection, changes: &[GenerationChange]) -> Result<(), Failure> {
    for change in changes {
        if let GenerationChange::Own { model, owner } = change {
            let sql = "INSERT INTO bw_model (model, owner) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            db.prepare_cached(sql)?.execute((model, owner))?;
        }
    }
    Ok(())
}

/// Swaps and sweeps; answers how many rows went.
pub(super) fn turn(db: &Connection, changes: &[GenerationChange]) -> Result<u64, Failure> {
    let mut swept = 0;
    for change in changes {
        match change {
            GenerationChange::Own { .. } => {}
            GenerationChange::Swap(it) => swap(db, it)?,
            GenerationChange::Sweep { owner, limit } => swept += sweep(db, owner, *limit)?,
        }
    }
    Ok(swept)
}

fn swap(db: &Connection, swap: &Swap) -> Result<(), Failure> {
    let sql = "UPDATE bw_model SET live = ?2 WHERE owner = ?1";
    db.prepare_cached(sql)?.execute((&swap.owner, int(swap.generation)))?;
    if let SwapGuard::Checkpoint(name) = &swap.guard {
        let sql = "INSERT INTO bw_checkpoint (name, position) VALUES (?1, ?2)
            ON CONFLICT DO UPDATE SET position = excluded.position";
        db.prepare_cached(sql)?.execute((name, int(swap.position.get())))?;
    }
    Ok(())
}

/// Each model's key leads to its old rows, on both sides of the live ones.
fn sweep(db: &Connection, owner: &str, limit: usize) -> Result<u64, Failure> {
    let sql = "DELETE FROM bw_read_model WHERE no IN (
        SELECT r.no FROM bw_model m CROSS JOIN bw_read_model r ON r.model = m.model AND r.generation < m.live
            WHERE m.owner = ?1
        UNION ALL
        SELECT r.no FROM bw_model m CROSS JOIN bw_read_model r ON r.model = m.model AND r.generation > m.live
            WHERE m.owner = ?1
        LIMIT ?2)";
    Ok(db.prepare_cached(sql)?.execute((owner, rows(limit)))? as u64)
}
