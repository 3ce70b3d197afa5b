//! The way from callers to a thread: one lock per hop, and a thread is woken only if it sleeps.

use std::{collections::VecDeque, sync::PoisonError};

use super::super::sync::{Condvar, Mutex, MutexGuard};

/// More than so many waiting jobs are refused.
const CAPACITY: usize = 65_536;

/// Jobs in the order in which they came.
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    ready: Condvar,
}

struct State<J> {
    jobs: VecDeque<J>,
    sleepers: usize,
    closed: bool,
}

/// Why a job was not taken.
pub(super) enum Refused {
    Closed,
    Full,
}

impl<J> Queue<J> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { jobs: VecDeque::new(), sleepers: 0, closed: false }), ready: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job and wakes a thread, if one sleeps.
    pub(super) fn push(&self, job: J) -> Result<(), Refused> {
        let mut state = self.state();
        if state.closed {
            return Err(Refused::Closed);
        }
        if state.jobs.len() >= CAPACITY {
            return Err(Refused::Full);
        }
        state.jobs.push_back(job);
        if state.sleepers > 0 {
            state.sleepers -= 1;
            drop(state);
            self.ready.notify_one();
        }
        Ok(())
    }

    /// Waits for a job; `None` once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<J> {
        let mut state = self.wait();
        state.jobs.pop_front()
    }

    /// Waits for jobs and takes them all; false once the queue is closed and empty.
    pub(super) fn take(&self, into: &mut VecDeque<J>) -> bool {
        let mut state = self.wait();
        into.append(&mut state.jobs);
        !into.is_empty()
    }

    /// Takes what is there, without waiting.
    pub(super) fn drain(&self, into: &mut VecDeque<J>) {
        into.append(&mut self.state().jobs);
    }

    fn wait(&self) -> MutexGuard<'_, State<J>> {
        let mut state = self.state();
        while state.jobs.is_empty() && !state.closed {
            state.sleepers += 1;
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    /// Takes no more jobs; those that wait are still done.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.sleepers = 0;
        drop(state);
        self.ready.notify_all();
    }

    /// Takes no more jobs and drops those that wait, so that their callers learn of it.
    pub(super) fn abandon(&self) {
        self.close();
        let jobs = std::mem::take(&mut self.state().jobs);
        drop(jobs);
    }
}
