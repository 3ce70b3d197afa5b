//! What an error of a statement means for the entity.

use sqlx::postgres::PgDatabaseError;

use super::super::classify::{Failure, PgError};
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
    let error = PgError::from(error);
    match error.server().and_then(|server| meaning(table, server)) {
        Some(own) if own.kind() == ErrorKind::Config => Failure::Own(own.caused_by(error.into_cause())),
        Some(own) => Failure::Own(own),
        None => Failure::Sql(error),
    }
}

fn meaning(table: &'static Table, error: &PgDatabaseError) -> Option<Error> {
    Some(match error.code() {
        "23505" => taken(table, error),
        "22003" => spent(table),
        // A user without rights on the table has the same code, and is told so elsewhere.
        "42501" if error.routine() == Some("ExecWithCheckOptions") => astray(table),
        "22P02" | "22P05" | "22021" | "22001" | "22007" | "22008" => value(table),
        state => {
            let refused = refused(table, REFUSED.iter().find(|(known, _)| *known == state)?.1);
            match error.constraint() {
                Some(name) => refused.with("constraint", name),
                None => refused,
            }
        }
    })
}

const REFUSED: &[(&str, Refused)] = &[
    ("42P01", Refused::NoTable),
    ("42703", Refused::OtherColumns),
    ("42804", Refused::OtherColumns),
    ("42883", Refused::OtherColumns),
    ("42846", Refused::OtherColumns),
    ("23503", Refused::ForeignKey),
    ("23001", Refused::ForeignKey),
    ("23514", Refused::Check),
    ("23P01", Refused::Check),
    ("23502", Refused::NotNull),
];

/// The key by the name of its constraint; of a table that was written by hand, by the columns in the answer's detail.
fn taken(table: &'static Table, error: &PgDatabaseError) -> Error {
    let name = error.constraint().unwrap_or_default();
    let places = columns_of_key(table, name).or_else(|| listed(table, error.detail()?));
    places.map_or_else(|| duplicate_named(table, name), |places| duplicate(table, &places))
}

/// The columns of `Key (tenant, number)=(…) already exists.`, in whatever language.
fn listed(table: &'static Table, detail: &str) -> Option<Vec<usize>> {
    let columns = detail.split_once('(')?.1.split_once(")=(")?.0;
    let place = |name: &str| table.columns().iter().position(|column| column.sql_name() == name.trim_matches('"'));
    columns.split(", ").map(place).collect()
}

fn astray(table: &Table) -> Error {
    let message = "the row belongs to another tenant, and the server refuses to write it";
    Error::new(ErrorKind::Invalid, "repository/cross_tenant_write", message).with("entity", table.entity())
}

fn value(table: &Table) -> Error {
    let message = "a column cannot hold the value; nothing was written";
    Error::new(ErrorKind::Invalid, "repository/value", message).with("entity", table.entity())
}
