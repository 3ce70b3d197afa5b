//! What an error of a statement means for the entity.

use sqlx::mysql::MySqlDatabaseError;

use super::super::classify::{Failure, MySqlError};
use crate::{
    entity::Table,
    error::{Error, ErrorKind},
    plan::refusal::{duplicate, duplicate_named, spent},
    sql::{
        query::{Refused, refused},
        server::{ServerError as _, columns_of_key},
    },
};

/// What is wrong with the statement says nothing of the connection. The server's own words are kept where they are of
/// tables; of a row they would tell its values.
pub(super) fn failed(table: &'static Table, error: sqlx::Error) -> Failure {
    let error = MySqlError::from(error);
    match error.server().and_then(|server| meaning(table, server)) {
        Some(own) if own.kind() == ErrorKind::Config => Failure::Own(own.caused_by(error.into_cause())),
        Some(own) => Failure::Own(own),
        None => Failure::Sql(error),
    }
}

fn meaning(table: &'static Table, error: &MySqlDatabaseError) -> Option<Error> {
    Some(match error.number() {
        1062 | 1586 => taken(table, error.message()),
        1690 => spent(table),
        1264 | 1265 | 1292 | 1366 | 1406 | 3140 | 3141 => value(table),
        number => refused(table, REFUSED.iter().find(|(known, _)| known.contains(&number))?.1),
    })
}

const REFUSED: &[(&[u16], Refused)] = &[
    (&[1146, 1049], Refused::NoTable),
    (&[1054], Refused::OtherColumns),
    (&[1216, 1217, 1451, 1452, 1761, 1762], Refused::ForeignKey),
    (&[3819, 4025], Refused::Check),
    (&[1048, 1364], Refused::NotNull),
];

/// The message ends with the name of the key, in some versions after the table's. What it says of the values comes before.
fn taken(table: &'static Table, message: &str) -> Error {
    let named = message.trim_end_matches('\'').rsplit_once('\'').map_or("", |(_, name)| name);
    let name = named.rsplit('.').next().unwrap_or_default();
    columns_of_key(table, name).map_or_else(|| duplicate_named(table, name), |places| duplicate(table, &places))
}

fn value(table: &Table) -> Error {
    let message = "a column cannot hold the value; nothing was written";
    Error::new(ErrorKind::Invalid, "repository/value", message).with("entity", table.entity())
}
