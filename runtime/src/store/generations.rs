//! Generations of read models: a rebuild fills one while readers see another.

use crate::version::Position;

/// The rows that a rebuild reads and writes: of its owner's read models those of a generation, of all others the live ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation {
    /// Whose read models.
    pub owner: String,
    /// The number of the generation.
    pub number: u64,
}

/// A change of the generations of read models.
///
/// Each row belongs to one generation of its model. Readers and writers that name none mean the live one, which every
/// statement looks up for itself: a swap takes effect at once and everywhere. Before the first swap, 0 is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GenerationChange {
    /// A read model belongs to an owner from now on. If it belongs to another one, the commit is refused
    /// (`store/foreign_model`).
    Own {
        /// The read model's name.
        model: &'static str,
        /// Whose it is: a version of a projection.
        owner: String,
    },
    /// A generation becomes the live one.
    Swap(Swap),
    /// Deletes rows of generations that are not live.
    Sweep {
        /// Whose read models.
        owner: String,
        /// At most so many rows.
        limit: usize,
    },
}

/// Makes a generation the live one of every read model of an owner; one without rows in it becomes empty. A commit that
/// swaps appends no events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// Whose read models.
    pub owner: String,
    /// The generation.
    pub generation: u64,
    /// It holds every event up to here.
    pub position: Position,
    /// What must stand there, too; otherwise the commit is refused (`store/generation_behind`).
    pub guard: SwapGuard,
}

/// How far the live generation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SwapGuard {
    /// Exactly as far as this checkpoint. One that is not there stands at the start, and is there afterwards.
    Checkpoint(String),
    /// As far as the log, which may not have gone beyond the position: it is written with each append.
    Head,
}
