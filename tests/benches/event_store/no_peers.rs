//! Without peers: the package `tests/peers` has them.

use super::{
    postgres::Work,
    support::{Mode, Side},
};

/// No sides.
pub fn sides(_work: Work, _mode: Mode) -> Vec<Side> {
    Vec::new()
}
