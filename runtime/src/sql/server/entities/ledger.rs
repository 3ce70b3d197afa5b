//! What the ledgers of migrations say, whatever the server.

use xxhash_rust::xxh3::xxh3_128;

use crate::{
    entity::Table,
    error::{Error, ErrorKind},
    plan::{Step, What},
};

/// The statements of a step, and what tells whether they are the same.
pub(in crate::sql) fn statements(step: &Step, ddl: impl Fn(&'static Table) -> String) -> (String, String) {
    let sql = match &step.what {
        What::Table(table) => ddl(table),
        What::Sql(sql) => sql.clone(),
    };
    let checksum = format!("{:032x}", xxh3_128(sql.as_bytes()));
    (sql, checksum)
}

/// A step that is wrong.
pub(in crate::sql) fn wrong(step: &Step, message: &'static str) -> Error {
    Error::new(ErrorKind::Config, "db/schema", message).with("step", &step.name)
}

/// A step that is no longer what was applied.
pub(in crate::sql) fn changed(step: &Step) -> Error {
    wrong(
        step,
        "a step that has been applied is no longer the same; leave it as it was (that of an entity as the text of \
         `Db::ddl`), and write what changes as a further step",
    )
}
