//! Why a run ends early.

use std::{error::Error as StdError, io, path::PathBuf};

use crate::cdnow::BadLine;

/// Why a run ends early. What was placed before it stays placed; running again goes on from there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The orders cannot be read.
    #[error("cannot read {input}")]
    Input {
        /// Where they should have come from.
        input: String,
        /// What the system says.
        source: io::Error,
    },
    /// The folder of the database cannot be made.
    #[error("cannot make the folder {}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line is no order, and that was to be the end.
    #[error("{0}")]
    BadLine(BadLine),
    /// An order could not be placed.
    #[error("the order of line {line} could not be placed")]
    Order {
        /// Its line.
        line: u64,
        /// Why.
        source: bailiwick::Error,
    },
    /// What was placed cannot be taken down.
    #[error("cannot write the journal")]
    Journal(#[source] io::Error),
    /// The shop does not open, or does not answer.
    #[error("the shop does not work")]
    Shop(#[from] bailiwick::Error),
    /// Relay or subscriptions ended before their time.
    #[error("the workers ended while orders were being placed")]
    Workers,
    /// The second context does not get on.
    #[error("{outbox} messages are left in the outbox, and no more are taken out of it")]
    Stalled {
        /// How many.
        outbox: u64,
    },
    /// The report cannot be written.
    #[error("cannot write the report")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The failure and its causes, and what to do about it.
    pub(crate) fn explain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        match self {
            Self::Order { .. } | Self::Journal(_) | Self::Shop(_) | Self::Workers | Self::Stalled { .. } => {
                text + "\nNothing that was placed is lost: run again to go on from there."
            }
            _ => text,
        }
    }
}
