//! Lines that are no orders: told on stderr, counted, otherwise without effect.

use std::{
    io::{IsTerminal as _, stderr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::Progress;
use crate::{cdnow::BadLine, failure::Failure};

/// So many are told one by one; the others are only counted.
const SHOWN: u64 = 20;

/// Tells and counts bad lines.
#[derive(Debug)]
pub(crate) struct BadLines {
    strict: bool,
    told: AtomicU64,
    progress: Arc<Progress>,
}

impl BadLines {
    pub(super) fn new(strict: bool, progress: Arc<Progress>) -> Self {
        Self { strict, told: AtomicU64::new(0), progress }
    }

    /// Takes down a bad line.
    ///
    /// # Errors
    /// The line itself, if the first one is to be the end.
    pub(super) fn report(&self, line: BadLine) -> Result<(), Failure> {
        self.progress.reject();
        if self.strict {
            return Err(Failure::BadLine(line));
        }
        if self.told.fetch_add(1, Ordering::Relaxed) < SHOWN {
            let clear = if stderr().is_terminal() { "\r\x1b[2K" } else { "" }; // the bar comes again below it
            eprintln!("{clear}{line}");
        }
        Ok(())
    }

    /// Says how many were only counted.
    pub(super) fn finish(&self) {
        let silent = self.told.load(Ordering::Relaxed).saturating_sub(SHOWN);
        if silent > 0 {
            eprintln!("and {silent} more lines that are no orders");
        }
    }
}
