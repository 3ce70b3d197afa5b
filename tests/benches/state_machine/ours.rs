//! Ours.

use std::mem;

use bailiwick::{State, TransitionLog, state_machine};

use super::events::{Event, Machine, Work};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
pub enum JobState {
    #[state(initial)]
    Idle,
    Running,
    Paused,
    Done,
}

pub struct Job {
    state: JobState,
    work: Work,
}

#[state_machine(states = JobState, field = state)]
impl Job {
    #[transition(Idle if fuelled => Running)]
    fn start(&mut self) {
        self.work.start();
    }

    #[transition(Running => Paused)]
    fn pause(&mut self) {
        self.work.pause();
    }

    #[transition(Paused => Running)]
    fn resume(&mut self) {
        self.work.resume();
    }

    #[transition(Running => Done)]
    fn finish(&mut self) {
        self.work.finish();
    }

    #[transition(Done => Idle)]
    fn reset(&mut self) {
        self.work.reset();
    }

    fn fuelled(&self) -> bool {
        self.work.fuelled()
    }
}

impl Machine for Job {
    fn new() -> Self {
        Self { state: JobState::Idle, work: Work::new() }
    }

    fn take(&mut self, events: &[Event]) {
        *self = Self::new();
        for event in events {
            let refused = match event {
                Event::Start => self.start().is_err(),
                Event::Pause => self.pause().is_err(),
                Event::Resume => self.resume().is_err(),
                Event::Finish => self.finish().is_err(),
                Event::Reset => self.reset().is_err(),
            };
            if refused {
                self.work.refused += 1;
            }
        }
    }

    fn work(&self) -> Work {
        self.work
    }

    fn state(&self) -> u64 {
        self.state as u64
    }
}

pub struct Logged {
    state: JobState,
    work: Work,
    log: TransitionLog,
}

#[state_machine(states = JobState, field = state, log = log)]
impl Logged {
    #[transition(Idle if fuelled => Running)]
    fn start(&mut self) {
        self.work.start();
    }

    #[transition(Running => Paused)]
    fn pause(&mut self) {
        self.work.pause();
    }

    #[transition(Paused => Running)]
    fn resume(&mut self) {
        self.work.resume();
    }

    #[transition(Running => Done)]
    fn finish(&mut self) {
        self.work.finish();
    }

    #[transition(Done => Idle)]
    fn reset(&mut self) {
        self.work.reset();
    }

    fn fuelled(&self) -> bool {
        self.work.fuelled()
    }
}

impl Machine for Logged {
    fn new() -> Self {
        Self { state: JobState::Idle, work: Work::new(), log: TransitionLog::with_capacity(4_096) }
    }

    fn take(&mut self, events: &[Event]) {
        let mut log = mem::take(&mut self.log);
        log.drain().for_each(drop);
        *self = Self { state: JobState::Idle, work: Work::new(), log };
        for event in events {
            let refused = match event {
                Event::Start => self.start().is_err(),
                Event::Pause => self.pause().is_err(),
                Event::Resume => self.resume().is_err(),
                Event::Finish => self.finish().is_err(),
                Event::Reset => self.reset().is_err(),
            };
            if refused {
                self.work.refused += 1;
            }
        }
    }

    fn work(&self) -> Work {
        self.work
    }

    fn state(&self) -> u64 {
        self.state as u64
    }
}
