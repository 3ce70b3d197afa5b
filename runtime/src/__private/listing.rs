//! The enum of the transitions: those that start from a state, and the one of a name.

use crate::state_machine::UnknownTransition;

/// The transitions that start from a state.
#[derive(Debug, Clone)]
pub struct Available<T: 'static, S> {
    rest: std::slice::Iter<'static, T>,
    state: S,
    starts: fn(T, &S) -> bool,
}

/// Those of `all` that start from the state.
#[must_use]
pub fn available<T: Copy, S>(all: &'static [T], state: S, starts: fn(T, &S) -> bool) -> Available<T, S> {
    Available { rest: all.iter(), state, starts }
}

impl<T: Copy, S> Iterator for Available<T, S> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.rest.by_ref().copied().find(|transition| (self.starts)(*transition, &self.state))
    }
}

/// The transition of this name. Loops, because each machine has its own copy of this function: adapters would be copied
/// with it.
///
/// # Errors
/// There is none.
pub fn transition<T: Copy>(
    all: &'static [T],
    name_of: fn(T) -> &'static str,
    code: &'static str,
    name: &str,
) -> Result<T, UnknownTransition> {
    let mut names = Vec::new();
    for transition in all {
        if name_of(*transition) == name {
            return Ok(*transition);
        }
    }
    for transition in all {
        names.push(name_of(*transition));
    }
    Err(UnknownTransition::new(code, name, names))
}
