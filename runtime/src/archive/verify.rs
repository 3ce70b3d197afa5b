//! Whether a store is whole.

use std::fmt;

use super::{
    digest::Digest,
    options::{Options, Progress},
    states,
};
use crate::{
    error::Error,
    store::{AnyStore, Fault, FaultKind},
    version::Position,
};

/// What a check found.
#[derive(Debug, Clone, Default)]
#[must_use = "a report may hold findings"]
pub struct Report {
    /// How many events were read and are sound.
    pub events: u64,
    /// Their digest: that of an archive with the same events.
    pub digest: Digest,
    /// The first findings; [`Options::findings`] says how many.
    pub findings: Vec<Finding>,
    /// How many rows are damaged, all counted, and how many faults were told.
    pub total: u64,
}

/// Something that is wrong.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Finding {
    /// A row that is not what was written, or cannot be read; the error has stream, version and position.
    Row(Position, Error),
    /// A row at or before the one before it.
    Order(Position),
    /// Rows that contradict each other.
    Fault(Fault),
    /// The state of an aggregate with `persist = entity` that the event at this position says is stored; the error has the
    /// stream.
    State(Position, Error),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(position, error) | Self::State(position, error) => write!(f, "position {position}: {error}"),
            Self::Order(position) => {
                write!(f, "position {position}: it follows a higher one; restore the log from a backup")
            }
            Self::Fault(Fault { kind, tenant, of, found, head }) => {
                let of = if tenant.is_empty() { of.clone() } else { format!("{of} of tenant {tenant}") };
                match kind {
                    FaultKind::Gap => {
                        write!(f, "stream {of}: {found} events, and version {head}; restore it from an archive")
                    }
                    FaultKind::SnapshotAhead => {
                        write!(f, "snapshot of {of}: version {found}, the stream is at {head}; delete the snapshot")
                    }
                    FaultKind::CheckpointAhead => {
                        write!(f, "checkpoint {of}: {found}, the newest event is at {head}; rebuild the projection")
                    }
                }
            }
        }
    }
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.total == 0
    }

    fn add(&mut self, finding: Finding, most: usize) {
        self.total += 1;
        if self.findings.len() < most {
            self.findings.push(finding);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events, digest {}, {} findings", self.events, self.digest, self.total)?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n  {finding}"))
    }
}

/// Checks the events that are there when it begins, each row against its checksum, and, in the database, that no stream has
/// a gap and that no snapshot or checkpoint is ahead. The state of each aggregate with `persist = entity` must be there and
/// readable; whether it is the right one nothing tells. It reads the whole log; memory holds one page.
///
/// It does not see that the last events of a stream are gone, nor what somebody changed who also wrote the checksum. That a
/// version or a message id is there once is the database's to keep.
///
/// # Errors
/// What the store answers. What is wrong with the data is in the report.
///
/// # Cancel safety
/// It only reads.
pub async fn verify(store: &AnyStore, mut options: Options) -> Result<Report, Error> {
    let (head, mut after) = (store.head().await?, Position::START);
    let (mut report, most) = (Report::default(), options.findings);
    while after < head {
        for row in store.log(after, options.batch).await?.into_iter().take_while(|row| row.position <= head) {
            if row.position <= after {
                report.add(Finding::Order(row.position), most);
            }
            after = after.max(row.position);
            match row.event {
                Ok(event) if options.wants(event.tenant.as_ref()) => {
                    report.events += 1;
                    report.digest.add(&event);
                    let wrong = states::wrong(store, &event).await?;
                    wrong.into_iter().for_each(|error| report.add(Finding::State(row.position, error), most));
                }
                Ok(_) => {}
                Err(error) => report.add(Finding::Row(row.position, error), most),
            }
        }
        options.tell(Progress { events: report.events, position: after, head });
    }
    for fault in store.faults(most.max(1)).await? {
        report.add(Finding::Fault(fault), most);
    }
    Ok(report)
}
