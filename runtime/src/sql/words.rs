//! What the columns of every dialect hold: numbers for words, and JSON.

use std::fmt;

pub(super) use crate::store::checksum::kind_number;
use crate::{
    envelope::EventKind,
    error::{Error, ErrorKind},
    store::{DeadSource, DeadState, Generation},
    tenant::TenantId,
};

/// A number for a column. No number of ours comes near the end of the range; one from outside stops there.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How many rows, for LIMIT.
pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The tenant column of nobody's rows is empty.
pub(super) fn tenant(tenant: Option<&TenantId>) -> &str {
    tenant.map_or("", TenantId::as_str)
}

pub(super) fn kind(number: i64) -> Result<EventKind, Error> {
    match number {
        0 => Ok(EventKind::Domain),
        1 => Ok(EventKind::Notification),
        2 => Ok(EventKind::StateTransfer),
        other => Err(unknown("kind", other)),
    }
}

pub(super) const fn state_number(state: DeadState) -> i64 {
    match state {
        DeadState::Failed => 0,
        DeadState::Behind => 1,
        DeadState::Requeued => 2,
    }
}

pub(super) fn state(number: i64) -> Result<DeadState, Error> {
    match number {
        0 => Ok(DeadState::Failed),
        1 => Ok(DeadState::Behind),
        2 => Ok(DeadState::Requeued),
        other => Err(unknown("state", other)),
    }
}

/// The columns of a source: its number and the consumer.
pub(super) fn source_columns(source: &DeadSource) -> (i64, &str) {
    match source {
        DeadSource::Outbox => (0, ""),
        DeadSource::Inbox(consumer) => (1, consumer),
        DeadSource::Projection(projection) => (2, projection),
    }
}

pub(super) fn source(number: i64, consumer: String) -> Result<DeadSource, Error> {
    match number {
        0 => Ok(DeadSource::Outbox),
        1 => Ok(DeadSource::Inbox(consumer)),
        2 => Ok(DeadSource::Projection(consumer)),
        other => Err(unknown("source", other)),
    }
}

/// A word or number in a column that this program does not know.
pub(super) fn unknown(column: &'static str, value: impl fmt::Display) -> Error {
    let message = "a stored row has a value that this version of the program does not know; start a newer one";
    Error::new(ErrorKind::Corrupt, "db/corrupt", message).with("column", column).with("value", value)
}

/// Owner and number of a generation, as columns.
pub(super) fn generation(generation: Option<&Generation>) -> (Option<&str>, Option<i64>) {
    (generation.map(|it| it.owner.as_str()), generation.map(|it| int(it.number)))
}
