//! Changes rows of read models.

use rusqlite::{Connection, OptionalExtension, types::Type};

use super::super::{
    classify::Failure,
    rows::{generation as columns, number, place, told, unreadable},
};
use crate::{
    error::Error,
    store::{Generation, ModelChange, ModelSeen, ModelWrite, refusal},
};

/// A tenant's rows in a generation; `None` for the live one.
pub(super) type Part<'a> = (&'a str, Option<&'a Generation>);

/// Refuses a decision on a row that has changed.
pub(super) fn check_seen(db: &Connection, (tenant, generation): Part<'_>, seen: &ModelSeen) -> Result<(), Failure> {
    const SQL: &str = concat!("SELECT ", told!(), " FROM bw_read_model WHERE ", place!());
    let (owner, no) = columns(generation);
    let params = (seen.model, no, tenant, &seen.key, owner);
    let revision = db.prepare_cached(SQL)?.query_row(params, |row| number(row, 0)).optional()?;
    if revision == seen.revision {
        return Ok(());
    }
    Err(refusal::row_changed(seen).into())
}

/// Changes rows. The changes of one row are made in their order and together: it is read and written once, however often
/// a batch counts into it.
pub(super) fn write(db: &Connection, (tenant, generation): Part<'_>, writes: &[ModelWrite]) -> Result<(), Failure> {
    let mut writes: Vec<&ModelWrite> = writes.iter().collect();
    writes.sort_by_key(|write| (write.model, write.key.as_str())); // keeps the order of equal ones
    for changes in writes.chunk_by(|left, right| (left.model, &left.key) == (right.model, &right.key)) {
        if let Some(ModelWrite { model, key, .. }) = changes.first() {
            Row { tenant, model, key, generation: columns(generation) }.change(db, changes)?;
        }
    }
    Ok(())
}

struct Row<'a> {
    tenant: &'a str,
    model: &'static str,
    key: &'a str,
    /// Owner and number.
    generation: (Option<&'a str>, Option<i64>),
}

impl Row<'_> {
    const fn key(&self) -> (&str, Option<i64>, &str, &str, Option<&str>) {
        let (owner, no) = self.generation;
        (self.model, no, self.tenant, self.key, owner)
    }

    fn change(&self, db: &Connection, writes: &[&ModelWrite]) -> Result<(), Failure> {
        let updates = writes.iter().all(|write| matches!(write.change, ModelChange::Update(_)));
        if updates && writes.len() > 1 && self.update(db, writes)? {
            return Ok(());
        }
        writes.iter().try_for_each(|write| match &write.change {
            ModelChange::Put(value) => self.put(db, value),
            ModelChange::Delete => self.delete(db),
            ModelChange::Update(_) => match self.update(db, &[write])? {
                true => Ok(()),
                false => self.delete(db),
            },
        })
    }

    /// Writes what the functions make of the row; false, and nothing, if one of them deletes it.
    fn update(&self, db: &Connection, updates: &[&ModelWrite]) -> Result<bool, Failure> {
        const SQL: &str = concat!("SELECT no, value FROM bw_read_model WHERE ", place!());
        let mut select = db.prepare_cached(SQL)?;
        let mut rows = select.query(self.key())?;
        // The first function sees the bytes where SQLite has them.
        let (no, value) = match rows.next()? {
            Some(row) => {
                let value = row.get_ref(1)?.as_blob().map_err(|error| unreadable(1, Type::Blob, error))?;
                (Some(row.get(0)?), Self::call_all(updates, Some(value))?)
            }
            None => (None, Self::call_all(updates, None)?),
        };
        drop(rows);
        let Some(value) = value else { return Ok(false) };
        match no {
            Some(no) => replace(db, no, &value)?,
            None => self.put(db, &value)?,
        }
        Ok(true)
    }

    /// Runs the functions one after the other; `None` as soon as one deletes the row.
    fn call_all(updates: &[&ModelWrite], current: Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> {
        let mut value = None::<Vec<u8>>;
        for write in updates {
            match write.after(value.as_deref().or(current))? {
                None => return Ok(None),
                made => value = made,
            }
        }
        Ok(value)
    }

    fn put(&self, db: &Connection, value: &[u8]) -> Result<(), Failure> {
        let sql = "INSERT INTO bw_read_model (model, generation, tenant, key, revision, value)
            VALUES (?1,
                coalesce((SELECT CASE WHEN owner = ?5 THEN ?2 ELSE live END FROM bw_model WHERE model = ?1), 0), ?3, ?4,
                (SELECT value + 1 FROM bw_counter WHERE name = 'revision'), ?6)
            ON CONFLICT DO UPDATE SET revision = bw_read_model.revision + 1, value = excluded.value";
        let (owner, no) = self.generation;
        db.prepare_cached(sql)?.execute((self.model, no, self.tenant, self.key, owner, value))?;
        Ok(())
    }

    /// Deletes the row and remembers its revision, so that one that comes anew goes on above it.
    fn delete(&self, db: &Connection) -> Result<(), Failure> {
        const SQL: &str = concat!("DELETE FROM bw_read_model WHERE ", place!(), " RETURNING revision");
        let revision: Option<i64> = db.prepare_cached(SQL)?.query_row(self.key(), |row| row.get(0)).optional()?;
        if let Some(revision) = revision {
            let sql = "UPDATE bw_counter SET value = max(value, ?1) WHERE name = 'revision'";
            db.prepare_cached(sql)?.execute([revision])?;
        }
        Ok(())
    }
}

fn replace(db: &Connection, no: i64, value: &[u8]) -> Result<(), Failure> {
    let sql = "UPDATE bw_read_model SET revision = revision + 1, value = ?2 WHERE no = ?1";
    db.prepare_cached(sql)?.execute((no, value))?;
    Ok(())
}
