//! Projections: read models that follow the events.
//!
//! An inline projection runs in the transaction that appends the events: its error refuses the append. An asynchronous
//! one follows the global order at its own pace; what it writes and how far it has come are one transaction, so each event
//! takes effect once. A [`Rebuild`] makes the read models of either anew while they are used.

mod any;
mod batch;
mod follow;
mod park;
mod rebuild;
mod shadow;
mod status;
mod swap;
mod work;

pub use any::AnyProjection;
pub use follow::{Followed, Follower, Standstill};
pub use rebuild::Rebuild;

pub(crate) use status::caught_up;
pub use status::{Condition, Progress, Rebuilt, Status};
pub(crate) use swap::sweep_left;

use std::future::Future;

use crate::{envelope::StoredEvent, error::BoxError, event::EventSpec, store::Transaction};

/// When a projection runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In the transaction of the append.
    Inline,
    /// After it, from a checkpoint.
    Async,
}

/// A read model's maker: `#[projection]` on its `impl` writes this.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    label = "needs `#[projection(name = \"…\", version = 1)]` on its `impl`"
)]
pub trait Projection: Send + Sync + 'static {
    /// Its name, stable for ever: its checkpoint's key.
    const NAME: &'static str;
    /// Its version; another one starts from the first event again. Give it read models of another name as well: those of
    /// the former version stay its own, and are refused to this one (`store/foreign_model`).
    const VERSION: u32;
    /// When it runs.
    const MODE: Mode;
    /// After how many failed attempts at an event, of all workers together, it goes on without it: the event and what
    /// follows in its stream are parked as dead letters, other streams go on. `None`: it stands still there. For asynchronous projections.
    const PARK_AFTER: Option<u32> = None;
    /// The tables of the events that it reads: others pass it by undecoded.
    const EVENTS: &'static [&'static [EventSpec]];

    /// Takes one event: what it stages in `tx` is written with the event (inline) or with the checkpoint (async).
    fn project(&self, event: &StoredEvent, tx: &mut Transaction) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Whether the projection reads events of this name.
    #[must_use]
    fn reads(name: &str) -> bool
    where
        Self: Sized,
    {
        Self::EVENTS.iter().flat_map(|table| table.iter()).any(|spec| spec.answers_to(name))
    }
}
