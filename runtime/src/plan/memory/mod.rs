//! Tables in memory: the double that passes the suite of the databases.

mod key;
mod references;
mod sum;
mod table;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

pub(crate) use self::key::Key;
use self::table::MemoryTable;
use super::{Batch, Reach, Select, Sink, Step, Together, Upsert, What, Write};
use crate::{
    entity::{Cells, ColumnDef, Table, Value},
    error::{Error, ErrorKind},
};

/// Tables by their names. A clone is the state of this moment: of what is written to either, the other sees nothing.
#[derive(Clone, Default)]
pub(crate) struct Tables(HashMap<Name, Arc<MemoryTable>>);

type Name = (Option<&'static str>, &'static str);

/// Rows in reach, with what is known of the rows that they hang together with.
struct Bound<'r> {
    reach: &'r Reach,
    related: Vec<Known>,
}

/// The keys that related rows have.
struct Known {
    lacking: bool,
    /// The columns in which a row has one of them.
    places: Vec<usize>,
    keys: BTreeSet<Key>,
}

impl Bound<'_> {
    /// Whether a row hangs together with the others as it is asked.
    fn holds(&self, row: &[Value<'static>]) -> bool {
        self.related.iter().all(|known| {
            let key = Key::in_row(row, known.places.iter().copied());
            (key.is_whole() && known.keys.contains(&key)) != known.lacking
        })
    }
}

impl Tables {
    pub(crate) fn select(&mut self, plan: &Select, mut sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let bound = self.bound(&plan.reach)?;
        let rows = self.table(plan.reach.table)?.select(plan, &bound);
        sink.begin();
        rows.iter().try_for_each(|row| sink.row(&mut Kept(row)))?;
        Ok(sink)
    }

    pub(crate) fn count(&mut self, reach: &Reach, most: u64) -> Result<u64, Error> {
        let bound = self.bound(reach)?;
        Ok(self.table(reach.table)?.count(&bound, most))
    }

    pub(crate) fn sum(&mut self, reach: &Reach, place: usize) -> Result<Value<'static>, Error> {
        let bound = self.bound(reach)?;
        self.table(reach.table)?.sum(&bound, place)
    }

    /// Does it wholly or not at all.
    pub(crate) fn write(&mut self, plan: Write) -> Result<u64, Error> {
        match plan {
            Write::Insert { table, rows } => {
                self.refer(table, &rows)?;
                self.own(table)?.insert(rows)
            }
            Write::Update { reach, set } => {
                let bound = self.bound(&reach)?;
                self.refer_changed(&bound, &set)?;
                self.own(reach.table)?.update(&bound, &set)
            }
            Write::Delete { reach } => {
                let bound = self.bound(&reach)?;
                self.unreferred(&bound)?;
                Ok(self.own(reach.table)?.delete(&bound))
            }
        }
    }

    /// Does what belongs together.
    pub(crate) fn batch(&mut self, batch: Batch) -> Result<Vec<Result<u64, Error>>, Error> {
        let (before, mut told) = (self.clone(), Vec::with_capacity(batch.writes.len()));
        let done = batch.writes.into_iter().try_for_each(|write| match batch.how {
            Together::Able => self.able(write, &mut told),
            Together::Whole | Together::Each => self.write(write).map(|rows| told.push(Ok(rows))),
        });
        let missed = batch.how == Together::Each && told.iter().any(|told| matches!(told, Ok(0)));
        if done.is_err() || missed {
            *self = before;
        }
        done.map(|()| told)
    }

    /// Does what the table does not refuse, row by row.
    fn able(&mut self, write: Write, told: &mut Vec<Result<u64, Error>>) -> Result<(), Error> {
        let writes = match write {
            Write::Insert { table, rows } => {
                rows.into_iter().map(|row| Write::Insert { table, rows: vec![row] }).collect()
            }
            other => vec![other],
        };
        for write in writes {
            match self.write(write) {
                Err(error) if error.kind() == ErrorKind::Config => return Err(error),
                answer => told.push(answer),
            }
        }
        Ok(())
    }

    /// Changes the row that is there, or inserts one.
    pub(crate) fn upsert(&mut self, plan: Upsert, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let [change, insertion] = plan.writes();
        if self.write(change)? > 0 {
            return self.select(&plan.reach.up_to(1), sink);
        }
        self.write(insertion).map(|_| sink)
    }

    pub(crate) fn migrate(&mut self, steps: Vec<Step>) -> Result<(), Error> {
        steps.into_iter().try_for_each(|step| match step.what {
            What::Table(table) => self.table(table).map(drop),
            What::Sql(sql) => {
                tracing::debug!(step.name, bytes = sql.len(), "memory knows no SQL: the step is passed over");
                Ok(())
            }
        })
    }

    /// Looks once at the rows that others hang together with.
    fn bound<'r>(&mut self, reach: &'r Reach) -> Result<Bound<'r>, Error> {
        let mut related = Vec::with_capacity(reach.related.len());
        for other in &reach.related {
            let bound = self.bound(&other.reach)?;
            let (places, there): (Vec<_>, Vec<_>) = other.pairs.iter().copied().unzip();
            let keys = self.table(other.reach.table)?.keys_in(&bound, &there);
            related.push(Known { lacking: other.lacking, places, keys });
        }
        Ok(Bound { reach, related })
    }

    /// A table to write to.
    fn own(&mut self, table: &'static Table) -> Result<&mut MemoryTable, Error> {
        self.table(table).map(Arc::make_mut)
    }

    /// A table is there as soon as it is named.
    fn table(&mut self, table: &'static Table) -> Result<&mut Arc<MemoryTable>, Error> {
        let kept = self.0.entry((table.schema_name(), table.name())).or_insert_with(|| MemoryTable::new(table).into());
        if kept.is_of(table) { Ok(kept) } else { Err(other_layout(table)) }
    }
}

fn other_layout(table: &Table) -> Error {
    let message = "two entities describe one table in different ways; in memory a table has one form";
    Error::new(ErrorKind::Config, "db/schema", message).with("entity", table.entity()).with("table", table.name())
}

/// A row as a reader wants it.
struct Kept<'a>(&'a [Value<'static>]);

impl Cells for Kept<'_> {
    fn cell(&mut self, place: usize, column: &ColumnDef) -> Result<Value<'_>, Error> {
        Ok(self.0.get(place).map_or(Value::Null(column.kind()), Value::borrowed))
    }
}
