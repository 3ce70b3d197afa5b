//! What was done: commands, and transitions of entities.

use super::{Background, forward};
use crate::{
    entity::Entity,
    error::Error,
    id::MessageId,
    repository::{self, Page, PageRequest, TransitionAudit},
    store::{CommandOutcome, CommandRecord},
    tenant::TenantId,
    timestamp::Timestamp,
};

/// What was done, of those whom the handle is for; as [`Audit`](repository::Audit) of the async form.
#[derive(Debug, Clone)]
pub struct Audit {
    pub(super) inner: repository::Audit,
    pub(super) on: Background,
}

impl Audit {
    forward! {
        repository::Audit;
        with fn tenant(self, tenant: Option<&TenantId>);
    }

    /// The commands that say so.
    #[must_use]
    pub fn commands(&self) -> Commands {
        Commands { inner: self.inner.commands(), on: self.on.clone() }
    }

    /// The transitions of entities.
    #[must_use]
    pub fn transitions(&self) -> Transitions {
        Transitions { inner: self.inner.transitions(), on: self.on.clone() }
    }
}

/// Which commands; as [`Commands`](repository::Commands) of the async form.
#[derive(Debug)]
pub struct Commands {
    inner: repository::Commands,
    on: Background,
}

impl Commands {
    forward! {
        repository::Commands;
        with fn named(self, command: &str);
        with fn by(self, actor: &str);
        with fn outcome(self, outcome: CommandOutcome);
        with fn since(self, time: Timestamp);
        with fn until(self, time: Timestamp);
        with fn before(self, run: MessageId);
        async fn list(self, limit: usize) -> Result<Vec<CommandRecord>, Error>;
    }
}

/// Which transitions; as [`Transitions`](repository::Transitions) of the async form.
#[derive(Debug)]
pub struct Transitions {
    inner: repository::Transitions,
    on: Background,
}

impl Transitions {
    forward! {
        repository::Transitions;
        with fn of[E: Entity](self);
        with fn of_one[E: Entity](self, id: &E::Id);
        with fn machine(self, name: &str);
        with fn named(self, transition: &str);
        with fn by(self, actor: &str);
        with fn correlated(self, correlation: MessageId);
        with fn since(self, time: Timestamp);
        with fn until(self, time: Timestamp);
        with fn newest_first(self);
        async fn list(self, limit: u64) -> Result<Vec<TransitionAudit>, Error>;
        async fn page(self, request: PageRequest) -> Result<Page<TransitionAudit>, Error>;
    }
}
