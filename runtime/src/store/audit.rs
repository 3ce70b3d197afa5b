//! The audit of commands: one row for each run.

use std::time::Duration;

use crate::{envelope::Metadata, id::MessageId, timestamp::Timestamp};

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// What `undo` needs, for a command that can be undone: the command and its output, both as JSON.
    pub undo: Option<(String, String)>,
    /// The run that this one undoes.
    pub undo_of: Option<MessageId>,
    /// The run that undid this one.
    pub undone_by: Option<MessageId>,
}

/// Marks a run as undone. One that is undone already refuses the commit (`command/already_undone`, a conflict's loser).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoRecord {
    /// The run that is undone.
    pub run: MessageId,
    /// The run that undoes it.
    pub by: MessageId,
}
