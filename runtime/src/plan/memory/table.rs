//! One table: rows by their primary key, and the keys that no two of them share.

use std::collections::BTreeMap;

use super::key::{Key, after, by};
use crate::{
    entity::{Kind, Role, Table, Value},
    error::Error,
    plan::{Reach, Select, Set, refusal},
    specification::Truth,
};

type Row = Vec<Value<'static>>;

#[derive(Clone)]
pub(super) struct MemoryTable {
    table: &'static Table,
    /// The columns of the primary key: the id; before it the tenant, where ids are not made.
    primary: Vec<usize>,
    rows: BTreeMap<Key, Row>,
    /// For each further key, the rows that have it.
    unique: Vec<BTreeMap<Key, Key>>,
}

impl MemoryTable {
    pub(super) fn new(table: &'static Table) -> Self {
        let id = table.place(Role::Id).unwrap_or_default();
        let made = table.columns()[id].kind() == Kind::Uuid;
        let tenant = table.place(Role::Tenant).filter(|_| !made);
        let unique = vec![BTreeMap::new(); table.unique().len()];
        Self { table, primary: tenant.into_iter().chain([id]).collect(), rows: BTreeMap::new(), unique }
    }

    /// Whether the table has these columns, in this order.
    pub(super) fn is_of(&self, table: &'static Table) -> bool {
        let columns = |table: &'static Table| table.columns().iter().map(|column| (column.sql_name(), column.kind()));
        std::ptr::eq(self.table, table) || columns(self.table).eq(columns(table))
    }

    pub(super) fn select(&self, plan: &Select) -> Vec<Row> {
        let behind = |row: &&Row| plan.seek.as_ref().is_none_or(|values| after(&plan.order, row, values));
        let mut found: Vec<&Row> = self.reached(&plan.reach).map(|(_, row)| row).filter(behind).collect();
        found.sort_by(|left, right| by(&plan.order, left, right));
        let window = found.into_iter().skip(usize::try_from(plan.offset).unwrap_or(usize::MAX));
        window.take(usize::try_from(plan.limit).unwrap_or(usize::MAX)).cloned().collect()
    }

    pub(super) fn count(&self, reach: &Reach, most: u64) -> u64 {
        self.reached(reach).take(usize::try_from(most).unwrap_or(usize::MAX)).count() as u64
    }

    pub(super) fn insert(&mut self, row: Row) -> Result<u64, Error> {
        let key = project(&row, &self.primary);
        if self.rows.contains_key(&key) {
            return Err(refusal::duplicate(self.table, &self.primary));
        }
        self.claim(&key, &row)?;
        self.rows.insert(key, row);
        Ok(1)
    }

    pub(super) fn update(&mut self, reach: &Reach, set: &[(usize, Set)]) -> Result<u64, Error> {
        let before: Vec<(Key, Row)> = self.reached(reach).map(|(key, row)| (key.clone(), row.clone())).collect();
        for (key, row) in &before {
            self.release(key, row);
        }
        for at in 0..before.len() {
            let (key, row) = &before[at];
            let entered = changed(self.table, row, set).and_then(|row| self.claim(key, &row).map(|()| row));
            match entered {
                Ok(row) => self.rows.insert(key.clone(), row),
                Err(error) => {
                    self.undo(&before, at);
                    return Err(error);
                }
            };
        }
        Ok(before.len() as u64)
    }

    pub(super) fn delete(&mut self, reach: &Reach) -> u64 {
        let gone: Vec<(Key, Row)> = self.reached(reach).map(|(key, row)| (key.clone(), row.clone())).collect();
        for (key, row) in &gone {
            self.release(key, row);
            self.rows.remove(key);
        }
        gone.len() as u64
    }

    /// The rows for which every part holds; by their key, where the parts name it.
    fn reached<'t>(&'t self, reach: &'t Reach) -> impl Iterator<Item = (&'t Key, &'t Row)> {
        let named: Option<Vec<_>> = self.primary.iter().map(|place| reach.value_at(*place).cloned()).collect();
        let named = named.map(Key);
        let one = named.as_ref().and_then(|key| self.rows.get_key_value(key));
        let all = named.is_none().then(|| self.rows.iter()).into_iter().flatten();
        let holds = |row: &Row| reach.parts.iter().all(|part| part.truth(row.as_slice()) == Truth::True);
        one.into_iter().chain(all).filter(move |(_, row)| holds(row))
    }

    /// Puts the rows back as they were, of which the first have been changed.
    fn undo(&mut self, before: &[(Key, Row)], changed: usize) {
        for (key, _) in &before[..changed] {
            if let Some(row) = self.rows.get(key).cloned() {
                self.release(key, &row);
            }
        }
        for (key, row) in before {
            let _own = self.claim(key, row); // it had the keys before
            self.rows.insert(key.clone(), row.clone());
        }
    }

    /// Enters the row under its further keys, if no other row has them.
    fn claim(&mut self, key: &Key, row: &Row) -> Result<(), Error> {
        let own = self.keys(row);
        for (index, unique) in &own {
            if self.unique[*index].contains_key(unique) {
                return Err(refusal::duplicate(self.table, self.table.unique()[*index].columns));
            }
        }
        for (index, unique) in own {
            self.unique[index].insert(unique, key.clone());
        }
        Ok(())
    }

    fn release(&mut self, key: &Key, row: &Row) {
        for (index, unique) in self.keys(row) {
            if self.unique[index].get(&unique) == Some(key) {
                self.unique[index].remove(&unique);
            }
        }
    }

    /// The further keys of a row. One with null in it equals no other; a deleted row has none.
    fn keys(&self, row: &Row) -> Vec<(usize, Key)> {
        let dead = self.table.place(Role::DeletedAt).is_some_and(|place| !row[place].is_null());
        if dead {
            return Vec::new();
        }
        let keys = self.table.unique().iter().map(|key| project(row, key.columns)).enumerate();
        keys.filter(|(_, key)| key.0.iter().all(|value| !value.is_null())).collect()
    }
}

fn project(row: &Row, places: &[usize]) -> Key {
    Key(places.iter().filter_map(|place| row.get(*place)).cloned().collect())
}

fn changed(table: &Table, row: &Row, set: &[(usize, Set)]) -> Result<Row, Error> {
    let mut row = row.clone();
    for (place, set) in set {
        row[*place] = match (set, &row[*place]) {
            (Set::To(value), _) => value.clone(),
            (Set::Next, Value::Int(i64::MAX)) => return Err(refusal::spent(table)),
            (Set::Next, Value::Int(number)) => Value::Int(number + 1),
            (Set::Next, other) => other.clone(),
        };
    }
    Ok(row)
}
