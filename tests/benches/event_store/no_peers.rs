//! Without peers: the workspaces in `tests/peers` have them.

use super::{
    support::{Mode, Side},
    work::Work,
};

/// No sides.
pub fn sides(_work: Work, _mode: Mode) -> Vec<Side> {
    Vec::new()
}
