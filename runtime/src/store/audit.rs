//! The audit of commands: one row for each run.

use std::{fmt, time::Duration};

use crate::{envelope::Metadata, id::MessageId, tenant::TenantId, timestamp::Timestamp};

/// How a run of a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandOutcome {
    /// It did what it says.
    Ok,
    /// The domain said no.
    Rejected,
    /// Something else went wrong.
    Failed,
}

impl CommandOutcome {
    /// The word that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }

    /// The outcome that a stored word means.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Ok, Self::Rejected, Self::Failed].into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// One run of a command.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandRecord {
    /// The run's message id.
    pub id: MessageId,
    /// The command's name.
    pub name: String,
    /// Tenant, actor, correlation, causation, trace.
    pub metadata: Metadata,
    /// The command as JSON, redacted.
    pub input: String,
    /// How it ended.
    pub outcome: CommandOutcome,
    /// The code of the framework's error, or the text of the domain's no.
    pub error: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// What `undo` needs, for a command that can be undone: the command and its output, both as JSON and whole, with the
    /// fields that `input` hides. `Debug` does not show them.
    pub undo: Option<(String, String)>,
    /// The run that this one undoes.
    pub undo_of: Option<MessageId>,
    /// The run that undid this one.
    pub undone_by: Option<MessageId>,
}

impl fmt::Debug for CommandRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, metadata, input, outcome, error, started_at, duration, undo, undo_of, undone_by } = self;
        f.debug_struct("CommandRecord")
            .field("id", id)
            .field("name", name)
            .field("metadata", metadata)
            .field("input", input)
            .field("outcome", outcome)
            .field("error", error)
            .field("started_at", started_at)
            .field("duration", duration)
            .field("undo", &undo.as_ref().map(|_| "•••"))
            .field("undo_of", undo_of)
            .field("undone_by", undone_by)
            .finish()
    }
}

/// Which audit rows of commands are wanted: those for which all holds that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandQuery {
    /// Run for this tenant; `Some(None)` is for none.
    pub tenant: Option<Option<TenantId>>,
    /// Of commands with this name.
    pub name: Option<String>,
    /// Run by the actor with this id.
    pub actor: Option<String>,
    /// That ended so.
    pub outcome: Option<CommandOutcome>,
    /// Begun at this time or later.
    pub since: Option<Timestamp>,
    /// Begun before this time.
    pub until: Option<Timestamp>,
    /// Recorded before this run; without its row there is none.
    pub before: Option<MessageId>,
    /// So many at most.
    pub limit: usize,
}

impl CommandQuery {
    /// The newest, so many at most.
    #[must_use]
    pub const fn newest(limit: usize) -> Self {
        Self { tenant: None, name: None, actor: None, outcome: None, since: None, until: None, before: None, limit }
    }

    /// Whether a row is wanted, wherever it stands.
    #[must_use]
    pub fn wants(&self, row: &CommandRecord) -> bool {
        let Metadata { tenant, actor, .. } = &row.metadata;
        self.tenant.as_ref().is_none_or(|wanted| wanted == tenant)
            && self.name.as_ref().is_none_or(|name| *name == row.name)
            && self.actor.as_ref().is_none_or(|id| actor.as_ref().is_some_and(|actor| actor.id() == id))
            && self.outcome.is_none_or(|outcome| outcome == row.outcome)
            && self.since.is_none_or(|since| row.started_at >= since)
            && self.until.is_none_or(|until| row.started_at < until)
    }
}

/// Marks a run as undone. One that is undone already refuses the commit (`command/already_undone`, a conflict's loser).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoRecord {
    /// The run that is undone.
    pub run: MessageId,
    /// The run that undoes it.
    pub by: MessageId,
}
