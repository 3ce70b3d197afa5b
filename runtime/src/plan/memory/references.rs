//! Foreign keys in memory: no row refers to one that is not there, and none goes that another refers to.

use std::collections::BTreeSet;

use super::{Bound, Key, Tables};
use crate::{
    entity::{Table, Value},
    error::Error,
    plan::{Reference, Set, references, refusal::foreign_key},
};

impl Tables {
    /// Refuses new rows that refer to what is not there; they may refer to each other.
    pub(super) fn refer(&mut self, table: &'static Table, rows: &[Vec<Value<'static>>]) -> Result<(), Error> {
        for reference in references(table) {
            let own = same(reference.to, table);
            let new: BTreeSet<Key> = rows.iter().filter(|_| own).map(|row| there(&reference, row)).collect();
            let wanted = rows.iter().map(|row| here(&reference, row));
            let wanted = wanted.filter(|key| key.is_whole() && !new.contains(key)).collect();
            self.are_there(table, &reference, wanted)?;
        }
        Ok(())
    }

    /// Refuses changes after which a row refers to what is not there.
    pub(super) fn refer_changed(&mut self, bound: &Bound<'_>, set: &[(usize, Set)]) -> Result<(), Error> {
        let table = bound.reach.table;
        for reference in references(table) {
            let own = |place: usize| reference.pairs.iter().any(|(own, _)| *own == place);
            if !set.iter().any(|(place, _)| own(*place)) {
                continue;
            }
            let mut rows = self.table(table)?.rows_in(bound);
            rows.iter_mut().for_each(|row| put(row, set));
            let wanted = rows.iter().map(|row| here(&reference, row)).filter(Key::is_whole).collect();
            self.are_there(table, &reference, wanted)?;
        }
        Ok(())
    }

    /// Refuses to delete rows that others refer to.
    pub(super) fn unreferred(&mut self, bound: &Bound<'_>) -> Result<(), Error> {
        let table = bound.reach.table;
        let others: Vec<&'static Table> = self.0.values().map(|other| other.table()).collect();
        let gone = self.table(table)?.rows_in(bound);
        for other in others {
            for reference in references(other).into_iter().filter(|reference| same(reference.to, table)) {
                let gone: BTreeSet<Key> = gone.iter().map(|row| there(&reference, row)).collect();
                let held = self.table(other)?.all().any(|row| gone.contains(&here(&reference, row)));
                if held {
                    return Err(foreign_key(table));
                }
            }
        }
        Ok(())
    }

    fn are_there(&mut self, table: &'static Table, reference: &Reference, wanted: BTreeSet<Key>) -> Result<(), Error> {
        let places: Vec<usize> = reference.pairs.iter().map(|(_, to)| *to).collect();
        let to = self.table(reference.to)?;
        if wanted.iter().all(|key| to.has(&places, key)) { Ok(()) } else { Err(foreign_key(table)) }
    }
}

/// What a row refers to.
fn here(reference: &Reference, row: &[Value<'static>]) -> Key {
    Key::in_row(row, reference.pairs.iter().map(|(own, _)| *own))
}

/// How a row is referred to.
fn there(reference: &Reference, row: &[Value<'static>]) -> Key {
    Key::in_row(row, reference.pairs.iter().map(|(_, to)| *to))
}

fn put(row: &mut [Value<'static>], set: &[(usize, Set)]) {
    for (place, set) in set {
        if let Set::To(value) = set {
            row[*place] = value.clone();
        }
    }
}

fn same(one: &Table, other: &Table) -> bool {
    (one.schema_name(), one.name()) == (other.schema_name(), other.name())
}
