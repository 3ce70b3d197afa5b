//! How much connections are asked for.

use std::{
    sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use crate::clock::Stopwatch;

/// Of so many calls it is known how long they waited.
const KNOWN: usize = 128;

/// How many wait for a connection, how many had to, and how long the last calls waited.
pub(super) struct Load {
    waiting: AtomicUsize,
    waits: AtomicU64,
    /// In microseconds, in the places of a ring; there may be fewer calls than places.
    last: [AtomicU32; KNOWN],
    calls: AtomicUsize,
}

impl Load {
    pub(super) const fn new() -> Self {
        let last = [const { AtomicU32::new(0) }; KNOWN];
        Self { waiting: AtomicUsize::new(0), waits: AtomicU64::new(0), last, calls: AtomicUsize::new(0) }
    }

    /// A call found a connection at once.
    pub(super) fn at_once(&self) {
        self.note(0);
    }

    /// A call has to wait, until what is answered is dropped.
    pub(super) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting { load: self, since: Stopwatch::start() }
    }

    fn note(&self, micros: u32) {
        let place = self.calls.fetch_add(1, Ordering::Relaxed) % KNOWN;
        self.last[place].store(micros, Ordering::Relaxed);
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn waits(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }

    /// Nineteen of twenty of the last calls waited no longer.
    pub(super) fn p95(&self) -> Duration {
        let known = self.calls.load(Ordering::Relaxed).min(KNOWN);
        let mut last: Vec<u32> = self.last[..known].iter().map(|micros| micros.load(Ordering::Relaxed)).collect();
        last.sort_unstable();
        let place = (known * 95).div_ceil(100).saturating_sub(1);
        Duration::from_micros(last.get(place).copied().unwrap_or(0).into())
    }
}

/// A call that waits.
pub(super) struct Waiting<'a> {
    load: &'a Load,
    since: Stopwatch,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.load.waiting.fetch_sub(1, Ordering::Relaxed);
        self.load.waits.fetch_add(1, Ordering::Relaxed);
        self.load.note(u32::try_from(self.since.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nineteen_of_twenty_calls_waited_no_longer_than_it_says_and_old_ones_are_forgotten() {
        let load = Load::new();
        assert_eq!(load.p95(), Duration::ZERO);
        (1..=100).for_each(|micros| load.note(micros));
        assert_eq!(load.p95(), Duration::from_micros(95));
        (0..KNOWN).for_each(|_| load.at_once());
        assert_eq!((load.p95(), load.waits(), load.waiting()), (Duration::ZERO, 0, 0));
        let waits = load.wait();
        assert_eq!((load.waits(), load.waiting()), (0, 1));
        drop(waits);
        assert_eq!((load.waits(), load.waiting()), (1, 0));
    }
}
