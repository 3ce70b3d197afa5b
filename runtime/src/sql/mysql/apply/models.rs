//! Changes rows of read models: all rows of a commit are read, changed and written together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::{
    super::{
        super::words::{generation as columns, int},
        classify::Failure,
        limits,
        rows::{number, text},
        shapes::{lists, padded, repeat, slices},
    },
    book::Book,
};
use crate::store::{Generation, ModelChange, ModelSeen, ModelWrite, refusal};

/// Model and key.
type Place<'a> = (&'a str, &'a str);

/// A tenant's rows in a generation; `None` for the live one.
pub(super) type Part<'a> = (&'a str, Option<&'a Generation>);

/// A row's bytes besides key and value.
const ROW: usize = 1_024;

/// Refuses a decision on rows that have changed.
pub(super) async fn check_seen(db: &mut MySqlConnection, part: Part<'_>, seen: &[ModelSeen]) -> Result<(), Failure> {
    if seen.is_empty() {
        return Ok(());
    }
    let places: Vec<Place<'_>> = seen.iter().map(|seen| (seen.model, seen.key.as_str())).collect();
    let revisions = find(db, "revision", (part, &places), |row| number(row, 1)).await?;
    let changed =
        |seen: &&ModelSeen| revisions.get(seen.model).and_then(|rows| rows.get(&seen.key)) != seen.revision.as_ref();
    seen.iter().find(changed).map_or(Ok(()), |seen| Err(refusal::row_changed(seen).into()))
}

/// One column of rows that are there, by model and key.
type Found<T> = HashMap<String, HashMap<String, T>>;

async fn find<T>(
    db: &mut MySqlConnection,
    column: &str,
    ((tenant, generation), places): (Part<'_>, &[Place<'_>]),
    read: impl Fn(&MySqlRow) -> Result<T, Failure>,
) -> Result<Found<T>, Failure> {
    let mut found: Found<T> = HashMap::new();
    let (owner, no) = columns(generation);
    for (model, keys) in by_model(places) {
        let head = format!(
            "SELECT `key`, {column} FROM bw_read_model WHERE model = ?
                AND generation = coalesce(
                    (SELECT CASE WHEN owner = ? THEN ? ELSE live END FROM bw_model WHERE model = ?), 0)
                AND tenant = ? AND `key` IN ("
        );
        for (places, keys) in lists(&keys) {
            let query = repeat(&head, "?", places, ")").bind(model.as_bytes());
            let query = query.bind(owner.map(str::as_bytes)).bind(no).bind(model.as_bytes()).bind(tenant.as_bytes());
            let query = padded(keys, places).fold(query, |query, key| query.bind(key.as_bytes()));
            let rows = found.entry(model.to_owned()).or_default();
            for row in &query.fetch_all(&mut *db).await? {
                rows.insert(text(row, 0)?, read(row)?);
            }
        }
    }
    Ok(found)
}

fn by_model<'a>(places: &[Place<'a>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut models: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (model, key) in places {
        models.entry(model).or_default().push(key);
    }
    models
}

/// What is to be written.
pub(super) struct Changed<'a> {
    put: Vec<(Place<'a>, Vec<u8>)>,
    gone: Vec<Place<'a>>,
}

/// What the rows will hold. The changes of one row are made in their order.
pub(super) async fn change<'a>(
    db: &mut MySqlConnection,
    packet: usize,
    (part, writes): (Part<'_>, &'a [ModelWrite]),
) -> Result<Changed<'a>, Failure> {
    let mut rows: BTreeMap<Place<'a>, Vec<&ModelWrite>> = BTreeMap::new();
    for write in writes {
        rows.entry((write.model, &write.key)).or_default().push(write);
    }
    let read =
        |writes: &[&ModelWrite]| matches!(writes.first().map(|write| &write.change), Some(ModelChange::Update(_)));
    let places: Vec<Place<'_>> = rows.iter().filter(|(_, writes)| read(writes)).map(|(place, _)| *place).collect();
    let stored = find(db, "value", (part, &places), |row| Ok(row.try_get::<Vec<u8>, _>(1)?)).await?;
    let mut changed = Changed { put: Vec::new(), gone: Vec::new() };
    for ((model, key), writes) in rows {
        let before = stored.get(model).and_then(|rows| rows.get(key));
        let mut value = before.cloned();
        for write in writes {
            value = write.after(value.as_deref())?;
        }
        match value {
            Some(value) => {
                limits::check_value(&value, packet)?;
                changed.put.push(((model, key), value));
            }
            None => changed.gone.push((model, key)),
        }
    }
    Ok(changed)
}

impl Changed<'_> {
    /// Writes all rows.
    pub(super) async fn write(
        self,
        db: &mut MySqlConnection,
        book: &mut Book<'_>,
        (tenant, generation): Part<'_>,
    ) -> Result<(), Failure> {
        let generations = self.generations(db, generation).await?;
        let generation = |model: &str| generations.get(model).copied().unwrap_or_default();
        for rows in slices(&self.put, book.packet(), |((_, key), value)| ROW + key.len() + value.len()) {
            let head = "INSERT INTO bw_read_model (tenant, model, generation, `key`, revision, value) VALUES ";
            let tail = " ON DUPLICATE KEY UPDATE revision = VALUES(revision), value = VALUES(value)";
            let mut query = repeat(head, "(?,?,?,?,?,?)", rows.len(), tail);
            for ((model, key), value) in rows {
                query = query.bind(tenant.as_bytes()).bind(model.as_bytes()).bind(generation(model));
                query = query.bind(key.as_bytes()).bind(int(book.next_revision())).bind(value);
            }
            query.execute(&mut *db).await?;
        }
        for (model, keys) in by_model(&self.gone) {
            for (places, keys) in lists(&keys) {
                let head = "DELETE FROM bw_read_model WHERE tenant = ? AND model = ? AND generation = ? AND `key` IN (";
                let query = repeat(head, "?", places, ")").bind(tenant.as_bytes()).bind(model.as_bytes());
                let query = query.bind(generation(model));
                let query = padded(keys, places).fold(query, |query, key| query.bind(key.as_bytes()));
                query.execute(&mut *db).await?;
            }
        }
        Ok(())
    }

    /// The generation of each model. One look finds them: nobody swaps while this transaction has the turn.
    async fn generations(
        &self,
        db: &mut MySqlConnection,
        generation: Option<&Generation>,
    ) -> Result<HashMap<String, i64>, Failure> {
        let places = self.put.iter().map(|(place, _)| place).chain(&self.gone);
        let models: BTreeSet<&str> = places.map(|(model, _)| *model).collect();
        let (models, mut live): (Vec<&str>, _) = (models.into_iter().collect(), HashMap::new());
        let (owner, no) = columns(generation);
        let head = "SELECT model, CASE WHEN owner = ? THEN ? ELSE live END FROM bw_model WHERE model IN (";
        for (places, models) in lists(&models) {
            let query = repeat(head, "?", places, ")").bind(owner.map(str::as_bytes)).bind(no);
            let query = padded(models, places).fold(query, |query, model| query.bind(model.as_bytes()));
            for row in &query.fetch_all(&mut *db).await? {
                live.insert(text(row, 0)?, row.try_get(1)?);
            }
        }
        Ok(live)
    }
}
