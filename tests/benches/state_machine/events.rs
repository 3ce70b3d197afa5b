//! The events, and what takes them.

use std::hint::black_box;

/// What a job can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Start,
    Pause,
    Resume,
    Finish,
    Reset,
}

impl Event {
    pub const ALL: [Self; 5] = [Self::Start, Self::Pause, Self::Resume, Self::Finish, Self::Reset];
}

/// What a job does: each action another thing, so that no side can do without telling them apart.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    fuel: u64,
    units: u64,
    total: u64,
    /// How many events were refused.
    pub refused: u64,
}

impl Work {
    pub fn new() -> Self {
        Self { fuel: black_box(1), units: 0, total: 0, refused: 0 }
    }

    #[inline]
    pub fn fuelled(&self) -> bool {
        self.fuel > 0
    }

    #[inline]
    pub fn start(&mut self) {
        self.units += 3;
    }

    #[inline]
    pub fn pause(&mut self) {
        self.units ^= 0x55;
    }

    #[inline]
    pub fn resume(&mut self) {
        self.units = self.units.rotate_left(7);
    }

    #[inline]
    pub fn finish(&mut self) {
        self.total = self.total.wrapping_add(self.units);
    }

    #[inline]
    pub fn reset(&mut self) {
        self.units = self.total >> 3;
    }
}

/// A job.
pub trait Machine: 'static {
    fn new() -> Self;

    /// Takes all events, from the beginning.
    fn take(&mut self, events: &[Event]);

    /// What it did.
    fn work(&self) -> Work;

    /// 0 idle, 1 running, 2 paused, 3 done.
    fn state(&self) -> u64;
}

/// The events of one piece of work, and a sum over what they did.
pub fn run<M: Machine>(machine: &mut M, events: &[Event]) -> u64 {
    black_box(&mut *machine).take(black_box(events));
    summed(machine.work(), machine.state())
}

/// What every side must come to.
pub fn summed(work: Work, state: u64) -> u64 {
    (work.units ^ work.total.rotate_left(9) ^ (work.refused << 2) ^ state) & 0xffff
}

/// Five events that are taken and three that are not, over and over; they end where they began.
pub fn cycle() -> Vec<Event> {
    use Event::{Finish, Pause, Reset, Resume, Start};
    [Start, Start, Pause, Finish, Resume, Finish, Pause, Reset].repeat(64)
}

/// So many events without a pattern, always the same.
pub fn random(events: usize) -> Vec<Event> {
    let mut word = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        Event::ALL[(word >> 33) as usize % Event::ALL.len()]
    };
    (0..events).map(|_| next()).collect()
}
