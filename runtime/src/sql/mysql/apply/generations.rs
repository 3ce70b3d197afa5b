//! Which generation of a read model is live, and whose it is.

use sqlx::{MySqlConnection, Row};

use super::super::{
    super::words::{int, rows},
    classify::Failure,
    reads,
    rows::text,
};
use crate::{
    store::{Commit, GenerationChange, Swap, SwapGuard, refusal},
    version::Position,
};

/// Refuses a read model that is another's.
pub(super) async fn check_owners(db: &mut MySqlConnection, changes: &[GenerationChange]) -> Result<(), Failure> {
    for change in changes {
        let GenerationChange::Own { model, owner } = change else { continue };
        let sql = "SELECT owner FROM bw_model WHERE model = ? AND owner <> ?";
        let query = sqlx::query(sql).bind(model.as_bytes()).bind(owner.as_bytes());
        if let Some(row) = query.fetch_all(&mut *db).await?.first() {
            return Err(refusal::foreign_model(model, owner, &text(row, 0)?).into());
        }
    }
    Ok(())
}

/// Refuses a swap whose generation lacks something, unless the commit itself moves what guards it: that is looked at
/// when it is written.
pub(super) async fn check_swaps(db: &mut MySqlConnection, head: Position, commit: &Commit) -> Result<(), Failure> {
    for change in &commit.generations {
        let GenerationChange::Swap(swap) = change else { continue };
        let own = match &swap.guard {
            SwapGuard::Head => !commit.appends.is_empty(),
            SwapGuard::Checkpoint(name) => commit.checkpoints.iter().any(|moved| moved.name == *name),
        };
        if !own {
            check(db, head, swap).await?;
        }
    }
    Ok(())
}

/// Enters owners.
pub(super) async fn own(db: &mut MySqlConnection, changes: &[GenerationChange]) -> Result<(), Failure> {
    for change in changes {
        let GenerationChange::Own { model, owner } = change else { continue };
        let sql = "INSERT INTO bw_model (model, owner) VALUES (?, ?) ON DUPLICATE KEY UPDATE owner = owner";
        sqlx::query(sql).bind(model.as_bytes()).bind(owner.as_bytes()).execute(&mut *db).await?;
    }
    Ok(())
}

/// Swaps and sweeps; answers how many rows went.
pub(super) async fn turn(
    db: &mut MySqlConnection,
    head: Position,
    changes: &[GenerationChange],
) -> Result<u64, Failure> {
    let mut swept = 0;
    for change in changes {
        match change {
            GenerationChange::Own { .. } => {}
            GenerationChange::Swap(it) => swap(db, head, it).await?,
            GenerationChange::Sweep { owner, limit } => swept += sweep(db, owner, *limit).await?,
        }
    }
    Ok(swept)
}

/// Whether what guards a swap stands where its generation does.
async fn check(db: &mut MySqlConnection, head: Position, swap: &Swap) -> Result<(), Failure> {
    let stands = match &swap.guard {
        SwapGuard::Head => head <= swap.position,
        SwapGuard::Checkpoint(name) => reads::checkpoint(db, name).await?.unwrap_or_default() == swap.position,
    };
    if !stands {
        return Err(refusal::generation_behind(swap).into());
    }
    Ok(())
}

/// Nobody else writes while this transaction has the turn.
async fn swap(db: &mut MySqlConnection, head: Position, swap: &Swap) -> Result<(), Failure> {
    check(db, head, swap).await?;
    let sql = "UPDATE bw_model SET live = ? WHERE owner = ?";
    sqlx::query(sql).bind(int(swap.generation)).bind(swap.owner.as_bytes()).execute(&mut *db).await?;
    if let SwapGuard::Checkpoint(name) = &swap.guard {
        let sql = "INSERT INTO bw_checkpoint (name, position) VALUES (?, ?)
            ON DUPLICATE KEY UPDATE position = VALUES(position)";
        sqlx::query(sql).bind(name.as_bytes()).bind(int(swap.position.get())).execute(db).await?;
    }
    Ok(())
}

/// Each model's key leads to its old rows, on both sides of the live ones.
async fn sweep(db: &mut MySqlConnection, owner: &str, limit: usize) -> Result<u64, Failure> {
    let sql = "SELECT model, live FROM bw_model WHERE owner = ?";
    let models = sqlx::query(sql).bind(owner.as_bytes()).fetch_all(&mut *db).await?;
    let (mut left, mut swept) = (limit, 0);
    for row in &models {
        let (model, live) = (text(row, 0)?, row.try_get::<i64, _>(1)?);
        for sql in [
            "DELETE FROM bw_read_model WHERE model = ? AND generation < ? LIMIT ?",
            "DELETE FROM bw_read_model WHERE model = ? AND generation > ? LIMIT ?",
        ] {
            if left == 0 {
                break;
            }
            let query = sqlx::query(sql).bind(model.as_bytes()).bind(live).bind(rows(left));
            let gone = query.execute(&mut *db).await?.rows_affected();
            left = left.saturating_sub(usize::try_from(gone).unwrap_or(usize::MAX));
            swept += gone;
        }
    }
    Ok(swept)
}
