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
    let mut last = after.get();
    let hole = page.iter().position(|row| {
        let follows = last.saturating_add(1);
        last = row.position.get();
        last != follows && row.position > certain
    });
    hole.unwrap_or(page.len())
}

/// Whether versions are missing.
pub(super) fn versions(load: &Load, loaded: &Loaded) -> bool {
    let after = loaded.snapshot.as_ref().map_or(load.after, |snapshot| snapshot.version).get();
    (after..).zip(&loaded.events).any(|(before, event)| event.version.get() != before.saturating_add(1))
}
