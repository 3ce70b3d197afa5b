//! Which generation of a read model is live, and whose it is.

use sqlx::{PgConnection, Row};

use super::super::{
    super::words::{int, rows},
    classify::Failure,
    reads,
};
use crate::store::{Commit, GenerationChange, Swap, SwapGuard, refusal, states::STATES};

/// Enters owners; refuses a read model that is another's.
pub(super) async fn own(db: &mut PgConnection, changes: &[GenerationChange]) -> Result<(), Failure> {
    let mut entries: Vec<(&str, &str)> = Vec::new();
    for change in changes {
        if let GenerationChange::Own { model, owner } = change {
            entries.push((model, owner));
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    entries.sort_unstable(); // two commits enter them in one order
    let (models, owners): (Vec<&str>, Vec<&str>) = entries.into_iter().unzip();
    let insert =
        "INSERT INTO bw_model (model, owner) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING";
    sqlx::query(insert).bind(&models).bind(&owners).execute(&mut *db).await?;
    let foreign = "SELECT s.model, s.owner, m.owner FROM bw_model m
        JOIN unnest($1::text[], $2::text[]) AS s (model, owner) ON m.model = s.model WHERE m.owner <> s.owner LIMIT 1";
    let found = sqlx::query(foreign).bind(&models).bind(&owners).fetch_optional(db).await?;
    found.map_or(Ok(()), |row| Err(refusal::foreign_model(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?).into()))
}

/// Keeps the live generations of a commit that changes read models alone: nothing else that it holds stops a swap between
/// its look-up and its write.
pub(super) async fn hold(db: &mut PgConnection, commit: &Commit) -> Result<(), Failure> {
    let guarded = commit.appends.iter().any(|append| !append.events.is_empty()) || !commit.checkpoints.is_empty();
    // Nobody rebuilds the stored states: they have one generation.
    let fixed = commit.models.iter().all(|write| write.model == STATES);
    if fixed || guarded || commit.generation.is_some() {
        return Ok(());
    }
    let models: Vec<&str> = commit.models.iter().map(|write| write.model).collect();
    let sql = "SELECT FROM bw_model WHERE model = ANY($1) ORDER BY model FOR SHARE";
    sqlx::query(sql).bind(models).fetch_all(db).await?;
    Ok(())
}

/// Swaps and sweeps; answers how many rows went.
pub(super) async fn turn(db: &mut PgConnection, changes: &[GenerationChange]) -> Result<u64, Failure> {
    let mut swept = 0;
    for change in changes {
        match change {
            GenerationChange::Own { .. } => {}
            GenerationChange::Swap(it) => swap(db, it).await?,
            GenerationChange::Sweep { owner, limit } => swept += sweep(db, owner, *limit).await?,
        }
    }
    Ok(swept)
}

/// What guards the swap is locked first: a commit with events, or one that moves the guarding checkpoint, holds that from
/// before its look-up of the live generation until it ends. One that changes read models alone holds the rows that are
/// changed here.
async fn swap(db: &mut PgConnection, swap: &Swap) -> Result<(), Failure> {
    let stands = match &swap.guard {
        SwapGuard::Head => {
            hold_appends(db, swap).await?;
            reads::head(db).await? <= swap.position
        }
        SwapGuard::Checkpoint(name) => {
            // One that is not there is made if it is to stand at the start: so who makes it meanwhile waits, too.
            let sql = "INSERT INTO bw_checkpoint AS c (name, position)
                SELECT $1::text, $2::bigint WHERE $2 = 0 OR EXISTS (SELECT FROM bw_checkpoint WHERE name = $1)
                ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE c.position = excluded.position";
            let query = sqlx::query(sql).bind(name).bind(int(swap.position.get()));
            query.execute(&mut *db).await?.rows_affected() > 0
        }
    };
    if !stands {
        return Err(refusal::generation_behind(swap).into());
    }
    let sql = "UPDATE bw_model SET live = $2 WHERE owner = $1";
    sqlx::query(sql).bind(&swap.owner).bind(int(swap.generation)).execute(db).await?;
    Ok(())
}

/// Waits for the appends that are under way. New ones queue up behind this wait, so it is a short one: behind a long
/// transaction, or a VACUUM, the swap is tried again later.
async fn hold_appends(db: &mut PgConnection, swap: &Swap) -> Result<(), Failure> {
    let sql = "SET LOCAL lock_timeout = '50ms';
        LOCK TABLE bw_event IN SHARE MODE;
        SET LOCAL lock_timeout TO DEFAULT";
    match sqlx::raw_sql(sql).execute(db).await.map_err(Failure::from) {
        Ok(_) => Ok(()),
        Err(Failure::Sql(error)) if error.waited_too_long() => Err(refusal::generation_behind(swap).into()),
        Err(failure) => Err(failure),
    }
}

/// Each model's key leads to its old rows, on both sides of the live ones.
async fn sweep(db: &mut PgConnection, owner: &str, limit: usize) -> Result<u64, Failure> {
    let sql = "DELETE FROM bw_read_model WHERE ctid = ANY (ARRAY(
        SELECT r.ctid FROM bw_model m JOIN bw_read_model r ON r.model = m.model AND r.generation < m.live
            WHERE m.owner = $1
        UNION ALL
        SELECT r.ctid FROM bw_model m JOIN bw_read_model r ON r.model = m.model AND r.generation > m.live
            WHERE m.owner = $1
        LIMIT $2))";
    Ok(sqlx::query(sql).bind(owner).bind(rows(limit)).execute(db).await?.rows_affected())
}
