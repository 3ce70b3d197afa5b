//! One table: rows by their primary key, and the keys that no two of them share.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Bound,
    key::{Key, after, by},
    sum::sum,
};
use crate::{
    entity::{Kind, Role, Table, Value},
    error::Error,
    plan::{Select, Set, primary, refusal},
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
        let unique = vec![BTreeMap::new(); table.unique().len()];
        Self { table, primary: primary(table), rows: BTreeMap::new(), unique }
    }

    /// Whether the table has these columns, in this order.
    pub(super) fn is_of(&self, table: &'static Table) -> bool {
        let columns = |table: &'static Table| table.columns().iter().map(|column| (column.sql_name(), column.kind()));
        std::ptr::eq(self.table, table) || columns(self.table).eq(columns(table))
    }

    pub(super) const fn table(&self) -> &'static Table {
        self.table
    }

    /// Every row.
    pub(super) fn all(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    /// The rows in reach.
    pub(super) fn rows_in(&self, bound: &Bound<'_>) -> Vec<Row> {
        self.reached(bound).map(|(_, row)| row.clone()).collect()
    }

    /// What the rows in reach have in these columns, where none of them is null.
    pub(super) fn keys_in(&self, bound: &Bound<'_>, places: &[usize]) -> BTreeSet<Key> {
        let keys = self.reached(bound).map(|(_, row)| Key::in_row(row, places.iter().copied()));
        keys.filter(Key::is_whole).collect()
    }

    /// Whether there is a row with these values in these columns, of which one is the id.
    pub(super) fn has(&self, places: &[usize], key: &Key) -> bool {
        let value = |place: &usize| places.iter().position(|own| own == place).map(|at| key.0[at].clone());
        let Some(named) = self.primary.iter().map(value).collect::<Option<_>>().map(Key) else { return false };
        self.rows.get(&named).is_some_and(|row| Key::in_row(row, places.iter().copied()) == *key)
    }

    pub(super) fn select(&self, plan: &Select, bound: &Bound<'_>) -> Vec<Row> {
        let behind = |row: &&Row| plan.seek.as_ref().is_none_or(|values| after(&plan.order, row, values));
        let mut found: Vec<&Row> = self.reached(bound).map(|(_, row)| row).filter(behind).collect();
        found.sort_by(|left, right| by(&plan.order, left, right));
        let window = found.into_iter().skip(usize::try_from(plan.offset).unwrap_or(usize::MAX));
        window.take(usize::try_from(plan.limit).unwrap_or(usize::MAX)).cloned().collect()
    }

    pub(super) fn count(&self, bound: &Bound<'_>, most: u64) -> u64 {
        self.reached(bound).take(usize::try_from(most).unwrap_or(usize::MAX)).count() as u64
    }

    pub(super) fn sum(&self, bound: &Bound<'_>, place: usize) -> Result<Value<'static>, Error> {
        let Some(column) = self.table.columns().get(place) else { return Ok(Value::Null(Kind::Int)) };
        sum(column, self.reached(bound).filter_map(|(_, row)| row.get(place)))
    }

    /// All rows or none.
    pub(super) fn insert(&mut self, rows: Vec<Row>) -> Result<u64, Error> {
        let mut entered: Vec<Key> = Vec::with_capacity(rows.len());
        for row in rows {
            match self.enter(row) {
                Ok(key) => entered.push(key),
                Err(error) => {
                    entered.iter().for_each(|key| self.remove(key));
                    return Err(error);
                }
            }
        }
        Ok(entered.len() as u64)
    }

    fn enter(&mut self, row: Row) -> Result<Key, Error> {
        let key = Key::in_row(&row, self.primary.iter().copied());
        if self.rows.contains_key(&key) {
            return Err(refusal::duplicate(self.table, &self.primary));
        }
        self.claim(&key, &row)?;
        self.rows.insert(key.clone(), row);
        Ok(key)
    }

    fn remove(&mut self, key: &Key) {
        if let Some(row) = self.rows.remove(key) {
            self.release(key, &row);
        }
    }

    pub(super) fn update(&mut self, bound: &Bound<'_>, set: &[(usize, Set)]) -> Result<u64, Error> {
        let before: Vec<(Key, Row)> = self.reached(bound).map(|(key, row)| (key.clone(), row.clone())).collect();
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

    pub(super) fn delete(&mut self, bound: &Bound<'_>) -> u64 {
        let gone: Vec<Key> = self.reached(bound).map(|(key, _)| key.clone()).collect();
        gone.iter().for_each(|key| self.remove(key));
        gone.len() as u64
    }

    /// The rows for which every part holds; by their key, where the parts name it.
    fn reached<'t>(&'t self, bound: &'t Bound<'_>) -> impl Iterator<Item = (&'t Key, &'t Row)> {
        let reach = bound.reach;
        let named: Option<Vec<_>> = self.primary.iter().map(|place| reach.value_at(*place).cloned()).collect();
        let named = named.map(Key);
        let one = named.as_ref().and_then(|key| self.rows.get_key_value(key));
        let all = named.is_none().then(|| self.rows.iter()).into_iter().flatten();
        let holds = |row: &Row| reach.parts.iter().all(|part| part.truth(row.as_slice()) == Truth::True);
        one.into_iter().chain(all).filter(move |(_, row)| holds(row) && bound.holds(row))
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
        let keys = self.table.unique().iter().map(|key| Key::in_row(row, key.columns.iter().copied())).enumerate();
        keys.filter(|(_, key)| key.is_whole()).collect()
    }
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
