//! Rows in memory: the double that passes the suite of the databases.

mod key;
mod table;

use std::{
    collections::HashMap,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
};

use self::table::MemoryTable;
use super::{
    plan::{Reach, Select, Step, What, Write},
    rows::{Answer, Rows, Sink},
};
use crate::{
    entity::{Cells, ColumnDef, Table, Value},
    error::{Error, ErrorKind},
};

/// Tables by their names.
#[derive(Default)]
pub(super) struct MemoryRows(Mutex<Tables>);

type Tables = HashMap<(Option<&'static str>, &'static str), MemoryTable>;

impl MemoryRows {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        // A change is made whole or not at all, so a panic leaves nothing half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(
        &self,
        table: &'static Table,
        work: impl FnOnce(&mut MemoryTable) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut tables = self.tables();
        let kept = tables.entry((table.schema_name(), table.name())).or_insert_with(|| MemoryTable::new(table));
        if kept.is_of(table) { work(kept) } else { Err(other_layout(table)) }
    }
}

impl Rows for MemoryRows {
    fn select(&self, plan: Select, mut sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let found = self.with(plan.reach.table, |table| Ok(table.select(&plan)));
        sink.begin();
        let taken = found.and_then(|rows| rows.iter().try_for_each(|row| sink.row(&mut Kept(row))));
        Box::pin(ready(taken.map(|()| sink)))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        let counted = self.with(reach.table, |table| Ok(table.count(&reach, most)));
        Box::pin(ready(counted))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        let written = self.with(plan.table(), |table| match plan {
            Write::Insert { row, .. } => table.insert(row),
            Write::Update { reach, set } => table.update(&reach, &set),
            Write::Delete { reach } => Ok(table.delete(&reach)),
        });
        Box::pin(ready(written))
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(ready(Ok(())))
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        let applied = steps.into_iter().try_for_each(|step| match step.what {
            What::Table(table) => self.with(table, |_| Ok(())),
            What::Sql(sql) => {
                tracing::debug!(step.name, bytes = sql.len(), "memory knows no SQL: the step is passed over");
                Ok(())
            }
        });
        Box::pin(ready(applied))
    }

    fn ddl(&self, _: &'static Table) -> String {
        String::new() // a table is there as soon as it is named
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
