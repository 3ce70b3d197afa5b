//! Changes rows of read models: all rows of a commit are read, changed and written together.

use std::collections::{BTreeMap, HashMap};

use sqlx::{PgConnection, Row};

use super::super::{super::words::generation as columns_of, classify::Failure, rows::number};
use crate::{
    error::Error,
    store::{Generation, ModelSeen, ModelWrite, refusal},
};

/// Model and key.
type Place<'a> = (&'a str, &'a str);

/// A tenant's rows in a generation; `None` for the live one.
pub(super) type Part<'a> = (&'a str, Option<&'a Generation>);

/// The rows that were seen, locked in the order of their keys.
macro_rules! seen {
    ($lock:literal) => {
        concat!(
            "SELECT m.model, m.key, m.revision FROM bw_read_model m
            JOIN unnest($2::text[], $3::text[]) AS s (model, key) USING (model, key)
            WHERE m.tenant = $1
                AND m.generation = coalesce((SELECT CASE WHEN g.owner = $5 THEN $4 ELSE g.live END
                    FROM bw_model g WHERE g.model = s.model), 0)
            ORDER BY m.model, m.key FOR ",
            $lock,
            " OF m"
        )
    };
}

/// Refuses a decision on rows that have changed, and keeps others from changing them before the transaction ends. A row
/// that is not there has a lock that whoever makes it takes, too.
pub(super) async fn check_seen(
    db: &mut PgConnection,
    (tenant, generation): Part<'_>,
    (seen, writes): (&[ModelSeen], &[ModelWrite]),
) -> Result<(), Failure> {
    if seen.is_empty() {
        return Ok(());
    }
    let mut places: Vec<Place<'_>> = seen.iter().map(|seen| (seen.model, seen.key.as_str())).collect();
    places.sort_unstable();
    let absent: Vec<Place<'_>> =
        seen.iter().filter(|seen| seen.revision.is_none()).map(|seen| (seen.model, seen.key.as_str())).collect();
    reserve(db, tenant, absent).await?;
    // Two who hold a row together and both go on to change it wait for each other: who will, takes it alone at once.
    let changes = writes.iter().any(|write| places.binary_search(&(write.model, &write.key)).is_ok());
    let (models, keys): (Vec<&str>, Vec<&str>) = places.into_iter().unzip();
    let (owner, no) = columns_of(generation);
    let query = sqlx::query(if changes { seen!("UPDATE") } else { seen!("SHARE") })
        .bind(tenant)
        .bind(models)
        .bind(keys)
        .bind(no)
        .bind(owner);
    let found = query.fetch_all(db).await?;
    let mut revisions = HashMap::new();
    for row in &found {
        revisions.insert((row.try_get::<&str, _>(0)?, row.try_get::<&str, _>(1)?), number(row, 2)?);
    }
    let changed = |seen: &&ModelSeen| revisions.get(&(seen.model, seen.key.as_str())) != seen.revision.as_ref();
    seen.iter().find(changed).map_or(Ok(()), |seen| Err(refusal::row_changed(seen).into()))
}

/// Locks rows that are not there: for those who rely on it, and for those who make them.
async fn reserve(db: &mut PgConnection, tenant: &str, mut places: Vec<Place<'_>>) -> Result<(), Failure> {
    if places.is_empty() {
        return Ok(());
    }
    places.sort_unstable();
    let sql =
        "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), $1, s.model, s.key), 7089075227613620587))
        FROM (SELECT * FROM unnest($2::text[], $3::text[]) AS s (model, key) ORDER BY model, key) AS s";
    let (models, keys): (Vec<&str>, Vec<&str>) = places.into_iter().unzip();
    sqlx::query(sql).bind(tenant).bind(models).bind(keys).execute(db).await?;
    Ok(())
}

/// Changes rows. The changes of one row are made in their order, on the row as it is once it is locked.
pub(super) async fn write(db: &mut PgConnection, part: Part<'_>, writes: &[ModelWrite]) -> Result<(), Failure> {
    if writes.is_empty() {
        return Ok(());
    }
    let mut rows: BTreeMap<Place<'_>, Vec<&ModelWrite>> = BTreeMap::new();
    for write in writes {
        rows.entry((write.model, &write.key)).or_default().push(write);
    }
    let places: Vec<Place<'_>> = rows.keys().copied().collect();
    let stored = lock(db, part, &places).await?;
    let mut changed = Changed::default();
    for (((model, key), writes), (generation, before)) in rows.into_iter().zip(stored) {
        let value = value(before.as_deref(), &writes)?;
        changed.add((model, generation, key), before.is_some(), value);
    }
    changed.write(db, part).await
}

/// The value after all changes of one row; `None` if it goes.
fn value(before: Option<&[u8]>, writes: &[&ModelWrite]) -> Result<Option<Vec<u8>>, Error> {
    let mut value = before.map(<[u8]>::to_vec);
    for write in writes {
        value = write.after(value.as_deref())?;
    }
    Ok(value)
}

/// Model, generation and key.
type Target<'a> = (&'a str, i64, &'a str);

/// Of each row its generation and what is there, locked in the order of the keys. One look finds the generations, so that
/// the whole commit goes to one, whoever swaps meanwhile.
async fn lock(
    db: &mut PgConnection,
    (tenant, generation): Part<'_>,
    places: &[Place<'_>],
) -> Result<Vec<(i64, Option<Vec<u8>>)>, Failure> {
    let sql = "WITH s AS MATERIALIZED (
            SELECT s.no, s.model, s.key, 
                coalesce(CASE WHEN g.owner = $5 THEN $4 ELSE g.live END, 0) AS generation
            FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS s (model, key, no)
            LEFT JOIN bw_model g ON g.model = s.model
        ), m AS (
            SELECT s.no, m.value FROM bw_read_model m JOIN s USING (model, generation, key)
            WHERE m.tenant = $1 ORDER BY s.no FOR UPDATE OF m
        )
        SELECT s.generation, m.value FROM s LEFT JOIN m USING (no) ORDER BY s.no";
    let (models, keys): (Vec<&str>, Vec<&str>) = places.iter().copied().unzip();
    let (owner, no) = columns_of(generation);
    let query = sqlx::query(sql).bind(tenant).bind(models).bind(keys).bind(no).bind(owner);
    let found = query.fetch_all(db).await?;
    found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// What is to be written.
#[derive(Default)]
struct Changed<'a> {
    made: Vec<(Target<'a>, Vec<u8>)>,
    replaced: Vec<(Target<'a>, Vec<u8>)>,
    gone: Vec<Target<'a>>,
}

impl<'a> Changed<'a> {
    fn add(&mut self, target: Target<'a>, there: bool, value: Option<Vec<u8>>) {
        match value {
            Some(value) if there => self.replaced.push((target, value)),
            Some(value) => self.made.push((target, value)),
            None if there => self.gone.push(target),
            None => {}
        }
    }

    async fn write(self, db: &mut PgConnection, (tenant, generation): Part<'_>) -> Result<(), Failure> {
        let update = "UPDATE bw_read_model m SET revision = nextval('bw_revision'), value = s.value
            FROM unnest($2::text[], $3::int8[], $4::text[], $5::bytea[]) AS s (model, generation, key, value)
            WHERE m.model = s.model AND m.generation = s.generation AND m.tenant = $1 AND m.key = s.key";
        // Two who make one row at once: the second is refused by the key and begins again, on the row of the first.
        let insert = "INSERT INTO bw_read_model (tenant, model, generation, key, value)
            SELECT $1, * FROM unnest($2::text[], $3::int8[], $4::text[], $5::bytea[])";
        put(db, update, tenant, self.replaced).await?;
        if generation.is_none() {
            // Nobody but its maker writes to a shadow, and its many new rows would fill the server's table of locks.
            reserve(db, tenant, self.made.iter().map(|((model, _, key), _)| (*model, *key)).collect()).await?;
        }
        put(db, insert, tenant, self.made).await?;
        if !self.gone.is_empty() {
            let delete = "DELETE FROM bw_read_model m
                USING unnest($2::text[], $3::int8[], $4::text[]) AS s (model, generation, key)
                WHERE m.model = s.model AND m.generation = s.generation AND m.tenant = $1 AND m.key = s.key";
            let (models, generations, keys) = columns(self.gone);
            sqlx::query(delete).bind(tenant).bind(models).bind(generations).bind(keys).execute(db).await?;
        }
        Ok(())
    }
}

async fn put(
    db: &mut PgConnection,
    sql: &'static str,
    tenant: &str,
    rows: Vec<(Target<'_>, Vec<u8>)>,
) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let (targets, values): (Vec<Target<'_>>, Vec<Vec<u8>>) = rows.into_iter().unzip();
    let (models, generations, keys) = columns(targets);
    let query = sqlx::query(sql).bind(tenant).bind(models).bind(generations).bind(keys).bind(values);
    query.execute(db).await?;
    Ok(())
}

fn columns(targets: Vec<Target<'_>>) -> (Vec<&str>, Vec<i64>, Vec<&str>) {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for (model, generation, key) in targets {
        columns.0.push(model);
        columns.1.push(generation);
        columns.2.push(key);
    }
    columns
}
