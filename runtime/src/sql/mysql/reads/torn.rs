//! What a torn view shows: a commit, and not one before it.
//!
//! MariaDB collects the transactions that a statement must not see one by one, while others end. Of two that follow each
//! other, the first can still be met as active, and the second, which waited for the turn and had its number already, as
//! gone: its rows are seen, those of the first are not. What is seen once had ended then, and so had all before it: the next
//! statement sees them.

use crate::{
    store::{Load, Loaded, LogRow},
    version::Position,
};

/// How many rows come before the first that is missing behind a certain position. What is missing up to there was taken
/// out of the table.
pub(super) fn whole(page: &[LogRow], after: Position, certain: Position) -> usize {
    let positions = page.iter().map(|row| row.position.get());
    hole(positions, after.get(), certain.get()).unwrap_or(page.len())
}

/// Whether versions are missing.
pub(super) fn versions(load: &Load, loaded: &Loaded) -> bool {
    let after = loaded.snapshot.as_ref().map_or(load.after, |snapshot| snapshot.version).get();
    hole(loaded.events.iter().map(|event| event.version.get()), after, after).is_some()
}

/// The place of the first number beyond `certain` that does not follow the one before it.
fn hole(mut numbers: impl Iterator<Item = u64>, after: u64, certain: u64) -> Option<usize> {
    let mut last = after;
    numbers.position(|number| {
        let follows = last.saturating_add(1);
        last = number;
        number != follows && number > certain
    })
}
