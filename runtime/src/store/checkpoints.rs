//! Checkpoints: how far a reader of the global order has come.

use crate::version::Position;

/// Moves a checkpoint in the transaction that holds the reader's effects. If it does not stand at `from` any more, another
/// reader was faster and the commit is refused (`store/seen_changed`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointMove {
    /// The reader's name.
    pub name: String,
    /// Where it stood; `None` before its first move.
    pub from: Option<Position>,
    /// Where it stands now.
    pub to: Position,
}
