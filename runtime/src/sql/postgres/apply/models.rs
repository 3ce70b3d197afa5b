//! Changes rows of read models: all rows of a commit are read, changed and written together.

use std::collections::{BTreeMap, HashMap};

use sqlx::{PgConnection, Row};

use super::super::{classify::Failure, rows::number};
use crate::{
    error::Error,
    store::{ModelSeen, ModelWrite, refusal},
};

/// Model and key.
type Place<'a> = (&'a str, &'a str);

/// Refuses a decision on rows that have changed, and keeps others from changing them before the transaction ends. A row
/// that is not there has a lock that whoever makes it takes, too.
pub(super) async fn check_seen(db: &mut PgConnection, tenant: &str, seen: &[ModelSeen]) -> Result<(), Failure> {
    if seen.is_empty() {
        return Ok(());
    }
    let mut places: Vec<Place<'_>> = seen.iter().map(|seen| (seen.model, seen.key.as_str())).collect();
    places.sort_unstable();
    let absent: Vec<Place<'_>> =
        seen.iter().filter(|seen| seen.revision.is_none()).map(|seen| (seen.model, seen.key.as_str())).collect();
    reserve(db, tenant, absent).await?;
    let sql = "SELECT m.model, m.key, m.revision FROM bw_read_model m
        JOIN unnest($2::text[], $3::text[]) AS s (model, key) USING (model, key)
        WHERE m.tenant = $1 ORDER BY m.model, m.key FOR SHARE OF m";
    let (models, keys): (Vec<&str>, Vec<&str>) = places.into_iter().unzip();
    let found = sqlx::query(sql).bind(tenant).bind(models).bind(keys).fetch_all(db).await?;
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
pub(super) async fn write(db: &mut PgConnection, tenant: &str, writes: &[ModelWrite]) -> Result<(), Failure> {
    if writes.is_empty() {
        return Ok(());
    }
    let mut rows: BTreeMap<Place<'_>, Vec<&ModelWrite>> = BTreeMap::new();
    for write in writes {
        rows.entry((write.model, &write.key)).or_default().push(write);
    }
    let places: Vec<Place<'_>> = rows.keys().copied().collect();
    let stored = lock(db, tenant, &places).await?;
    let mut changed = Changed::default();
    for (place, writes) in rows {
        let before = stored.get(&(place.0.to_owned(), place.1.to_owned()));
        changed.add(place, before.is_some(), value(before.map(Vec::as_slice), &writes)?);
    }
    changed.write(db, tenant).await
}

/// The value after all changes of one row; `None` if it goes.
fn value(before: Option<&[u8]>, writes: &[&ModelWrite]) -> Result<Option<Vec<u8>>, Error> {
    let mut value = before.map(<[u8]>::to_vec);
    for write in writes {
        value = write.after(value.as_deref())?;
    }
    Ok(value)
}

/// The rows that are there, locked in the order of their keys.
async fn lock(
    db: &mut PgConnection,
    tenant: &str,
    places: &[Place<'_>],
) -> Result<HashMap<(String, String), Vec<u8>>, Failure> {
    let sql = "SELECT m.model, m.key, m.value FROM bw_read_model m
        JOIN unnest($2::text[], $3::text[]) AS s (model, key) USING (model, key)
        WHERE m.tenant = $1 ORDER BY m.model, m.key FOR UPDATE OF m";
    let (models, keys): (Vec<&str>, Vec<&str>) = places.iter().copied().unzip();
    let found = sqlx::query(sql).bind(tenant).bind(models).bind(keys).fetch_all(db).await?;
    found.iter().map(|row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?))).collect()
}

/// What is to be written.
#[derive(Default)]
struct Changed<'a> {
    made: Vec<(Place<'a>, Vec<u8>)>,
    replaced: Vec<(Place<'a>, Vec<u8>)>,
    gone: Vec<Place<'a>>,
}

impl<'a> Changed<'a> {
    fn add(&mut self, place: Place<'a>, there: bool, value: Option<Vec<u8>>) {
        match value {
            Some(value) if there => self.replaced.push((place, value)),
            Some(value) => self.made.push((place, value)),
            None if there => self.gone.push(place),
            None => {}
        }
    }

    async fn write(self, db: &mut PgConnection, tenant: &str) -> Result<(), Failure> {
        let update = "UPDATE bw_read_model m SET revision = nextval('bw_revision'), value = s.value
            FROM unnest($2::text[], $3::text[], $4::bytea[]) AS s (model, key, value)
            WHERE m.tenant = $1 AND m.model = s.model AND m.key = s.key";
        // Two who make one row at once: the second is refused by the key and begins again, on the row of the first.
        let insert = "INSERT INTO bw_read_model (tenant, model, key, value)
            SELECT $1, model, key, value FROM unnest($2::text[], $3::text[], $4::bytea[]) AS s (model, key, value)";
        put(db, update, tenant, self.replaced).await?;
        reserve(db, tenant, self.made.iter().map(|(place, _)| *place).collect()).await?;
        put(db, insert, tenant, self.made).await?;
        if !self.gone.is_empty() {
            let delete = "DELETE FROM bw_read_model m USING unnest($2::text[], $3::text[]) AS s (model, key)
                WHERE m.tenant = $1 AND m.model = s.model AND m.key = s.key";
            let (models, keys): (Vec<&str>, Vec<&str>) = self.gone.into_iter().unzip();
            sqlx::query(delete).bind(tenant).bind(models).bind(keys).execute(db).await?;
        }
        Ok(())
    }
}

async fn put(
    db: &mut PgConnection,
    sql: &'static str,
    tenant: &str,
    rows: Vec<(Place<'_>, Vec<u8>)>,
) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let (places, values): (Vec<Place<'_>>, Vec<Vec<u8>>) = rows.into_iter().unzip();
    let (models, keys): (Vec<&str>, Vec<&str>) = places.into_iter().unzip();
    sqlx::query(sql).bind(tenant).bind(models).bind(keys).bind(values).execute(db).await?;
    Ok(())
}
