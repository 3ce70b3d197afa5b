//! How far the import is; shared by those who work and the one who shows it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Counters that many write and one reads.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    bytes: AtomicU64,
    begun: AtomicU64,
    placed: AtomicU64,
    bad: AtomicU64,
    draining: AtomicBool,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Orders are being placed.
    Placing,
    /// All orders are placed; the second context still works.
    Draining,
}

impl Progress {
    /// So many bytes of the file were read.
    pub(super) fn read(&self, bytes: u64) {
        self.bytes.store(bytes, Relaxed);
    }

    /// An order is on its way.
    pub(super) fn begin(&self) {
        self.begun.fetch_add(1, Relaxed);
    }

    /// An order is placed, or was there already.
    pub(super) fn place(&self) {
        self.placed.fetch_add(1, Relaxed);
    }

    /// A line is no order.
    pub(super) fn reject(&self) {
        self.bad.fetch_add(1, Relaxed);
    }

    /// All orders are placed.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Relaxed);
    }

    /// What is being done.
    pub(crate) fn phase(&self) -> Phase {
        if self.draining.load(Relaxed) { Phase::Draining } else { Phase::Placing }
    }

    /// Orders that are placed, or were there already.
    pub(crate) fn placed(&self) -> u64 {
        self.placed.load(Relaxed)
    }

    /// Lines that are no order.
    pub(crate) fn bad(&self) -> u64 {
        self.bad.load(Relaxed)
    }

    /// Bytes of the file whose orders are placed: what was read, less the share of the orders still on their way.
    pub(crate) fn bytes_placed(&self) -> u64 {
        let (placed, begun, bytes) = (self.placed(), self.begun.load(Relaxed), self.bytes.load(Relaxed));
        if begun == 0 {
            return bytes;
        }
        let share = u128::from(bytes) * u128::from(placed.min(begun)) / u128::from(begun);
        u64::try_from(share).unwrap_or(bytes)
    }
}
