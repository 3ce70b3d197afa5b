//! A build without a cipher.

use crate::error::{Error, ErrorKind};

pub(in crate::sensitive) type Secret = [u8; 32];

fn absent() -> Error {
    let message = "this build has no cipher: add the feature `sensitive` of `bailiwick`";
    Error::new(ErrorKind::Config, "sensitive/disabled", message)
}

pub(in crate::sensitive) fn random() -> Result<Secret, Error> {
    Err(absent())
}

pub(in crate::sensitive) fn seal(_key: &Secret, _bound_to: &[u8], _plain: &[u8]) -> Result<Vec<u8>, Error> {
    Err(absent())
}

pub(in crate::sensitive) fn open(_key: &Secret, _bound_to: &[u8], _sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    Err(absent())
}

pub(in crate::sensitive) fn wipe(_plain: &mut Vec<u8>) {}
