//! The way from callers to the thread that writes.

use std::{collections::VecDeque, sync::PoisonError};

use tokio::sync::Notify;

use super::super::sync::{Mutex, MutexGuard};

/// More than so many waiting jobs are refused.
const CAPACITY: usize = 65_536;

/// Jobs in the order in which they came.
pub(in super::super) struct Queue<J> {
    state: Mutex<State<J>>,
    ready: Notify,
}

struct State<J> {
    jobs: VecDeque<J>,
    closed: bool,
}

/// Why a job was not taken.
pub(super) enum Refused {
    Closed,
    Full,
}

impl<J> Queue<J> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { jobs: VecDeque::new(), closed: false }), ready: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job and wakes the connection that fell asleep last: its process on the server is still warm.
    pub(super) fn push(&self, job: J) -> Result<(), Refused> {
        let mut state = self.state();
        if state.closed {
            return Err(Refused::Closed);
        }
        if state.jobs.len() >= CAPACITY {
            return Err(Refused::Full);
        }
        state.jobs.push_back(job);
        drop(state);
        self.ready.notify_last();
        Ok(())
    }

    /// Waits for jobs and takes up to `most`; none once the queue is closed and empty.
    ///
    /// # Cancel safety
    /// Dropping the future takes nothing.
    pub(in super::super) async fn take(&self, most: usize) -> Vec<J> {
        loop {
            let waiting = self.ready.notified();
            {
                let mut state = self.state();
                let most = most.min(state.jobs.len());
                let taken: Vec<J> = state.jobs.drain(..most).collect();
                let more = state.closed || !state.jobs.is_empty();
                if more {
                    self.ready.notify_last(); // the next sleeper, who may have missed its call
                }
                if !taken.is_empty() || state.closed {
                    return taken;
                }
            }
            waiting.await;
        }
    }

    /// Takes no more jobs; those that wait are still done.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.ready.notify_one();
    }

    /// Takes no more jobs and drops those that wait, so that their callers learn of it.
    pub(super) fn abandon(&self) {
        self.close();
        let jobs = std::mem::take(&mut self.state().jobs);
        drop(jobs);
    }
}
