//! What the broker refuses, as errors.

use crate::error::{Error, ErrorKind};

pub(super) fn closed() -> Error {
    Error::new(ErrorKind::Transient, "broker/closed", "the broker was closed; publish again after the next start")
}

pub(super) fn down() -> Error {
    Error::new(ErrorKind::Transient, "broker/down", "the broker cannot be reached; publish again later")
}

pub(super) fn timeout() -> Error {
    Error::new(ErrorKind::Transient, "broker/timeout", "not every group settled the message in time; publish it again")
}

pub(super) fn fault() -> Error {
    Error::new(ErrorKind::Transient, "broker/fault", "the broker was told to fail; publish again")
}

pub(super) fn refused() -> Error {
    Error::new(ErrorKind::Invalid, "broker/refused", "the broker never takes this message; park it")
}
