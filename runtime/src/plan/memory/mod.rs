//! Tables in memory: the double that passes the suite of the databases.

mod key;
mod table;

use std::{collections::HashMap, sync::Arc};

use self::table::MemoryTable;
use super::{Reach, Select, Sink, Step, What, Write};
use crate::{
    entity::{Cells, ColumnDef, Table, Value},
    error::{Error, ErrorKind},
};

/// Tables by their names. A clone is the state of this moment: of what is written to either, the other sees nothing.
#[derive(Clone, Default)]
pub(crate) struct Tables(HashMap<Name, Arc<MemoryTable>>);

type Name = (Option<&'static str>, &'static str);

impl Tables {
    pub(crate) fn select(&mut self, plan: &Select, mut sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
        let rows = self.table(plan.reach.table)?.select(plan);
        sink.begin();
        rows.iter().try_for_each(|row| sink.row(&mut Kept(row)))?;
        Ok(sink)
    }

    pub(crate) fn count(&mut self, reach: &Reach, most: u64) -> Result<u64, Error> {
        Ok(self.table(reach.table)?.count(reach, most))
    }

    /// Does it wholly or not at all.
    pub(crate) fn write(&mut self, plan: Write) -> Result<u64, Error> {
        let table = Arc::make_mut(self.table(plan.table())?);
        match plan {
            Write::Insert { row, .. } => table.insert(row),
            Write::Update { reach, set } => table.update(&reach, &set),
            Write::Delete { reach } => Ok(table.delete(&reach)),
        }
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
