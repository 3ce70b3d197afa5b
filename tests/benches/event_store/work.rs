//! What is asked of every store: the sizes of the cases, and the work in the words that peers understand.

/// What a peer is to do in a case.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "without peers nobody looks")]
pub enum Work {
    /// So many events to a new stream, in one commit.
    Append(i64),
    /// A command on one of so many aggregates of [`BEFORE`] events.
    Command(u64),
    /// The aggregate of so many events.
    Load(i64),
    /// The aggregate of a snapshot of [`SAVED`] events and the [`TAIL`] after it.
    Snapshot,
    /// So many callers at once, and so many new streams for each of them.
    Writers(usize, u64),
}

/// Events of each account before a command.
pub const BEFORE: i64 = 10;
/// Events that a snapshot holds.
pub const SAVED: i64 = 1_000;
/// Events after it.
pub const TAIL: i64 = 10;
/// Connections that many callers share.
pub const POOL: u32 = 8;
