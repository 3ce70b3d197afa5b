//! How an entity is read from a row.

use serde::{Serialize, de::DeserializeOwned};

use super::{AsJson, ColumnDef, ColumnType, Table, Value};
use crate::{
    error::{Error, ErrorKind},
    value_object::Invalid,
};

/// A row of a database, or of anything else that has cells.
pub trait Cells {
    /// The value at this place, which is a column like this.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn cell(&mut self, place: usize, column: &ColumnDef) -> Result<Value<'_>, Error>;
}

/// Reads the columns of a row in the order of the table.
pub struct RowReader<'r> {
    cells: &'r mut dyn Cells,
    table: &'static Table,
    next: usize,
}

impl<'r> RowReader<'r> {
    /// A reader at the first column.
    #[must_use]
    pub fn new(table: &'static Table, cells: &'r mut dyn Cells) -> Self {
        Self { cells, table, next: 0 }
    }

    /// The value of the next column.
    ///
    /// # Errors
    /// `repository/row` with the column, if what is stored is no such value.
    pub fn take<T: ColumnType>(&mut self) -> Result<T, Error> {
        self.take_with(T::from_value)
    }

    /// What the JSON document in the next column says.
    ///
    /// # Errors
    /// `repository/row` with the column, if it says something else.
    pub fn take_json<T: Serialize + DeserializeOwned>(&mut self) -> Result<T, Error> {
        self.take_with(AsJson::from_value)
    }

    pub(crate) fn take_with<T>(&mut self, read: fn(Value<'_>) -> Result<T, Invalid>) -> Result<T, Error> {
        let place = self.next;
        let Some(column) = self.table.columns().get(place) else { return Err(beyond(self.table)) };
        self.next += 1;
        read(self.cells.cell(place, column)?).map_err(|why| unreadable(self.table, column, &why))
    }
}

impl std::fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowReader").field("table", &self.table.name()).field("next", &self.next).finish_non_exhaustive()
    }
}

fn beyond(table: &Table) -> Error {
    let message = "the entity reads more columns than its table has; `read` takes each once, in the order of the table";
    Error::new(ErrorKind::Internal, "repository/row", message).with("table", table.name())
}

fn unreadable(table: &Table, column: &ColumnDef, why: &Invalid) -> Error {
    let message = "a stored value cannot be read; mend it in the database, or widen the type of the field";
    let reason = if column.is_sensitive() { "a value of another form" } else { why.reason() };
    Error::new(ErrorKind::Corrupt, "repository/row", message)
        .with("table", table.name())
        .with("column", column.sql_name())
        .with("reason", reason)
}
