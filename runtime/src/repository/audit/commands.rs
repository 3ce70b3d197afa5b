//! Questions about commands.

use std::fmt;

use super::Whose;
use crate::{
    error::Error,
    id::MessageId,
    store::{AnyStore, CommandOutcome, CommandQuery, CommandRecord},
    timestamp::Timestamp,
};

/// The runs of commands that left an audit row: those with `#[command(audit)]`, and those that can be undone. Newest first.
#[derive(Clone)]
#[must_use = "nothing is read until `list` is called"]
pub struct Commands {
    store: AnyStore,
    query: CommandQuery,
}

impl Commands {
    pub(super) fn new(store: AnyStore, whose: &Whose) -> Self {
        let tenant = match whose {
            Whose::Everybody => None,
            Whose::Nobody => Some(None),
            Whose::One(tenant) => Some(Some(tenant.clone())),
        };
        Self { store, query: CommandQuery { tenant, ..CommandQuery::newest(0) } }
    }

    /// Of commands with this name.
    pub fn named(self, command: &str) -> Self {
        self.with(|query| query.name = Some(command.to_owned()))
    }

    /// Run by this actor.
    pub fn by(self, actor: &str) -> Self {
        self.with(|query| query.actor = Some(actor.to_owned()))
    }

    /// That ended so.
    pub fn outcome(self, outcome: CommandOutcome) -> Self {
        self.with(|query| query.outcome = Some(outcome))
    }

    /// Begun at this time or later.
    pub fn since(self, time: Timestamp) -> Self {
        self.with(|query| query.since = Some(time))
    }

    /// Begun before this time.
    pub fn until(self, time: Timestamp) -> Self {
        self.with(|query| query.until = Some(time))
    }

    /// Recorded before this run: the last of a list is where the next one goes on.
    pub fn before(self, run: MessageId) -> Self {
        self.with(|query| query.before = Some(run))
    }

    /// The newest of them, at most `limit`.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn list(self, limit: usize) -> Result<Vec<CommandRecord>, Error> {
        self.store.commands(CommandQuery { limit, ..self.query }).await
    }

    fn with(mut self, say: impl FnOnce(&mut CommandQuery)) -> Self {
        say(&mut self.query);
        self
    }
}

impl fmt::Debug for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Commands").field(&self.query).finish()
    }
}
