//! How archives are read and written.

use std::fmt;

use crate::{tenant::TenantId, version::Position};

/// How far a long run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Events read so far.
    pub events: u64,
    /// Where in the log it is; [`Position::START`] while a file is read.
    pub position: Position,
    /// Where it ends; [`Position::START`] while a file is read.
    pub head: Position,
}

/// How an archive is written, read or checked. The same options go to all three.
pub struct Options {
    pub(super) batch: usize,
    pub(super) longest_line: usize,
    pub(super) findings: usize,
    pub(super) tenant: Option<Option<TenantId>>,
    progress: Option<Box<dyn FnMut(Progress) + Send>>,
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl Options {
    /// Batches of 1,000 events, lines of up to 64 MiB, the first 100 findings, all tenants.
    #[must_use]
    pub fn new() -> Self {
        Self { batch: 1_000, longest_line: 64 << 20, findings: 100, tenant: None, progress: None }
    }

    /// So many events are read at once, and written in one commit; at least 1.
    #[must_use]
    pub fn batch(self, events: usize) -> Self {
        Self { batch: events.max(1), ..self }
    }

    /// A line of a file has at most so many bytes.
    #[must_use]
    pub fn longest_line(self, bytes: usize) -> Self {
        Self { longest_line: bytes, ..self }
    }

    /// So many findings are told whole; all are counted.
    #[must_use]
    pub fn findings(self, most: usize) -> Self {
        Self { findings: most, ..self }
    }

    /// Only the events of this tenant; `None` is those of no tenant.
    #[must_use]
    pub fn tenant(self, tenant: Option<TenantId>) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Called after each batch.
    #[must_use]
    pub fn on_progress(self, told: impl FnMut(Progress) + Send + 'static) -> Self {
        Self { progress: Some(Box::new(told)), ..self }
    }

    pub(super) fn wants(&self, tenant: Option<&TenantId>) -> bool {
        self.tenant.as_ref().is_none_or(|wanted| wanted.as_ref() == tenant)
    }

    pub(super) fn tell(&mut self, progress: Progress) {
        if let Some(told) = &mut self.progress {
            told(progress);
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { batch, longest_line, findings, tenant, progress: _ } = self;
        f.debug_struct("Options")
            .field("batch", batch)
            .field("longest_line", longest_line)
            .field("findings", findings)
            .field("tenant", tenant)
            .finish_non_exhaustive()
    }
}
