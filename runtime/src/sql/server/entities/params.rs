//! What is looked at before a statement is sent, and what its keys are called.

use crate::{
    entity::Table,
    error::{Error, ErrorKind},
    plan::primary,
    sql::query::{Statement, key_name, reference_name},
};

/// The columns of the key with this name, of a table that a migration has made.
pub(in crate::sql) fn columns_of_key(table: &Table, name: &str) -> Option<Vec<usize>> {
    let reference = || name == reference_name(table);
    if name == "PRIMARY" || name.strip_suffix("_pkey") == Some(table.name()) || reference() {
        return Some(primary(table));
    }
    let own = |number: &usize| key_name(table, *number) == name;
    (0..table.unique().len()).find(own).map(|number| table.unique()[number].columns.to_vec())
}

/// Refuses a statement of more bytes than the server takes; it would end the connection.
pub(in crate::sql) fn too_heavy(statement: &Statement, most: usize) -> Result<(), Error> {
    let bytes = statement.weight();
    if bytes < most {
        return Ok(());
    }
    let message = "a value is larger than the server stores; store a reference to it, or raise the server's limit";
    Err(Error::new(ErrorKind::Invalid, "db/too_big", message).with("bytes", bytes).with("most", most))
}

/// A number of ours that could not be bound.
pub(in crate::sql) fn unbound(why: impl ToString) -> Error {
    Error::new(ErrorKind::Internal, "db/statement", "a statement cannot be sent").with("reason", why.to_string())
}
