//! The cipher. A build without the feature `sensitive` answers which one to add.

#[cfg(not(feature = "sensitive"))]
mod absent;
#[cfg(feature = "sensitive")]
mod xchacha;

#[cfg(not(feature = "sensitive"))]
pub(super) use absent::{Secret, open, random, seal, wipe};
#[cfg(feature = "sensitive")]
pub(super) use xchacha::{Secret, open, random, seal, wipe};
