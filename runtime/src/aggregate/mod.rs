//! Aggregates: state that is the fold of its events, and decisions that are functions of that state.
//!
//! Nothing here awaits, reads a clock or does I/O: a decision is tested with `assert_eq!`.

mod events;
mod persist;
mod root;
mod schema;

pub use events::IntoEvents;
pub use persist::{EventSourced, Persist, StatePolicy, StateSchema, StateStored, StoredState};
pub(crate) use root::Held;
pub use root::Root;
pub use schema::SnapshotSchema;

use crate::{event::Event, id::Id};

/// An aggregate: `#[aggregate]` on its `impl` writes this.
///
/// The state starts as `Default` and is the fold of its events through [`apply`](Self::apply), which cannot fail: what
/// happened, happened. Its events are stored ([`EventSourced`]), or its state is ([`StateStored`]).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate",
    label = "needs `#[aggregate(name = …, id = …, event = …, error = …)]` on its `impl`"
)]
pub trait Aggregate: Default + Send + Sync + 'static {
    /// The type of its id.
    type Id: Id;
    /// Its events.
    type Event: Event;
    /// How it says no.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Its name, stable for ever: the first half of its streams' ids.
    const NAME: &'static str;

    /// When to store its state beside its events; `None` folds the whole stream each time.
    const SNAPSHOT: Option<SnapshotPolicy<Self>> = None;

    /// Whether its events are stored or its state.
    const PERSIST: Persist<Self> = Persist::Events;

    /// Takes an event into the state.
    fn apply(&mut self, event: &Self::Event);
}

/// When and how the state of an aggregate is stored: `#[aggregate(…, snapshot(every = 100, version = 1))]`.
#[derive(Debug)]
pub struct SnapshotPolicy<A> {
    /// A snapshot is written when an append crosses a multiple of this many events.
    pub every: u32,
    /// What the state looks like, as a number; a stored snapshot of another schema is a miss. [`SnapshotSchema`] makes it.
    pub schema: fn() -> u64,
    /// Writes the state.
    pub encode: fn(&A) -> Result<Vec<u8>, crate::error::Error>,
    /// Reads the state.
    pub decode: fn(&[u8]) -> Result<A, crate::error::Error>,
}

/// Which streams a command may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Creation {
    /// The stream must exist: `#[handle]`.
    Existing,
    /// The stream must not exist: `#[handle(create)]`.
    New,
    /// Either; a new one starts from `Default`: `#[handle(create_if_missing)]`.
    Either,
}

/// How an aggregate answers one command: each `#[handle]` method writes one.
///
/// That `C` is a command whose target is this aggregate's id is asked of it where it is registered, and so once.
pub trait Decide<C>: Aggregate {
    /// Which streams the command may meet.
    const CREATION: Creation;

    /// The events that the command leads to, or the domain's no.
    ///
    /// # Errors
    /// The domain's no.
    fn decide(&self, command: C) -> Result<Vec<Self::Event>, Self::Error>;
}
