//! The new rows of read models, computed before anything is written.

use std::collections::HashMap;

use super::state::State;
use crate::{
    error::Error,
    store::{Commit, ModelWrite},
};

/// The values after each write, in order; `None` where the row goes.
pub(super) type Values = Vec<Option<Vec<u8>>>;

/// Runs the changes in order, each on what the one before it left. Nothing of the state changes.
pub(super) fn values(state: &State, commit: &Commit) -> Result<Values, Error> {
    let mut values = Values::with_capacity(commit.models.len());
    let mut latest: HashMap<(&str, &str), usize> = HashMap::new();
    for (at, write) in commit.models.iter().enumerate() {
        let before = match latest.insert((write.model, &write.key), at) {
            Some(earlier) => values.get(earlier).and_then(Option::as_deref),
            None => stored(state, commit, write),
        };
        let value = write.after(before)?;
        values.push(value);
    }
    Ok(values)
}

fn stored<'a>(state: &'a State, commit: &Commit, write: &ModelWrite) -> Option<&'a [u8]> {
    let table = state.table(&commit.tenant, write.model, commit.generation.as_ref());
    state.row(&table, &write.key)?.value.as_deref()
}
