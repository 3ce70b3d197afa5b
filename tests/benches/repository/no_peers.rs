//! Without peers: the workspace in `tests/peers/repository` has them.

use std::rc::Rc;

use super::{place::Place, sides::Work, support::Side};

/// No sides.
pub fn sides(_work: Work, _place: &dyn Fn() -> Rc<Place>) -> Vec<Side> {
    Vec::new()
}

/// No sides that are shown alone.
pub fn shown(_work: Work, _place: &dyn Fn() -> Rc<Place>) -> Vec<Side> {
    Vec::new()
}
