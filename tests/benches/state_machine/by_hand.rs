//! The limit: what a person would write for this one machine.

use std::{future::ready, mem};

use super::events::{Event, Machine, Work};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Idle,
    Running,
    Paused,
    Done,
}

/// An event that does not fit the state.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "what a caller would be told")]
pub struct Refused {
    pub state: State,
    pub event: Event,
}

#[derive(Debug)]
pub struct Job {
    state: State,
    work: Work,
}

impl Job {
    pub fn handle(&mut self, event: Event) -> Result<(), Refused> {
        self.state = match (self.state, event) {
            (State::Idle, Event::Start) if self.work.fuelled() => {
                self.work.start();
                State::Running
            }
            (State::Running, Event::Pause) => {
                self.work.pause();
                State::Paused
            }
            (State::Paused, Event::Resume) => {
                self.work.resume();
                State::Running
            }
            (State::Running, Event::Finish) => {
                self.work.finish();
                State::Done
            }
            (State::Done, Event::Reset) => {
                self.work.reset();
                State::Idle
            }
            (state, event) => return Err(Refused { state, event }),
        };
        Ok(())
    }

    pub async fn handle_later(&mut self, event: Event) -> Result<(), Refused> {
        ready(()).await;
        self.handle(event)
    }

    pub fn refuse(&mut self) {
        self.work.refused += 1;
    }
}

impl Machine for Job {
    fn new() -> Self {
        Self { state: State::Idle, work: Work::new() }
    }

    fn take(&mut self, events: &[Event]) {
        *self = Self::new();
        for event in events {
            if self.handle(*event).is_err() {
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

/// The same, with a method for each event.
#[derive(Debug)]
pub struct Methods(Job);

impl Methods {
    fn refused(&self, event: Event) -> Refused {
        Refused { state: self.0.state, event }
    }

    pub fn start(&mut self) -> Result<(), Refused> {
        if self.0.state != State::Idle || !self.0.work.fuelled() {
            return Err(self.refused(Event::Start));
        }
        self.0.work.start();
        self.0.state = State::Running;
        Ok(())
    }

    pub fn pause(&mut self) -> Result<(), Refused> {
        if self.0.state != State::Running {
            return Err(self.refused(Event::Pause));
        }
        self.0.work.pause();
        self.0.state = State::Paused;
        Ok(())
    }

    pub fn resume(&mut self) -> Result<(), Refused> {
        if self.0.state != State::Paused {
            return Err(self.refused(Event::Resume));
        }
        self.0.work.resume();
        self.0.state = State::Running;
        Ok(())
    }

    pub fn finish(&mut self) -> Result<(), Refused> {
        if self.0.state != State::Running {
            return Err(self.refused(Event::Finish));
        }
        self.0.work.finish();
        self.0.state = State::Done;
        Ok(())
    }

    pub fn reset(&mut self) -> Result<(), Refused> {
        if self.0.state != State::Done {
            return Err(self.refused(Event::Reset));
        }
        self.0.work.reset();
        self.0.state = State::Idle;
        Ok(())
    }
}

impl Machine for Methods {
    fn new() -> Self {
        Self(Job::new())
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
                self.0.refuse();
            }
        }
    }

    fn work(&self) -> Work {
        self.0.work
    }

    fn state(&self) -> u64 {
        self.0.state()
    }
}

/// The same, with a list of what happened.
#[derive(Debug)]
pub struct Logged {
    job: Job,
    log: Vec<Record>,
}

/// As much as ours says: names, version, reason.
#[derive(Debug)]
#[allow(dead_code, reason = "what a reader of the log would be told")]
pub struct Record {
    pub transition: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub version: Option<u64>,
    pub reason: Option<Box<str>>,
}

const fn name(state: State) -> &'static str {
    match state {
        State::Idle => "idle",
        State::Running => "running",
        State::Paused => "paused",
        State::Done => "done",
    }
}

const fn transition(event: Event) -> &'static str {
    match event {
        Event::Start => "start",
        Event::Pause => "pause",
        Event::Resume => "resume",
        Event::Finish => "finish",
        Event::Reset => "reset",
    }
}

impl Logged {
    fn handle(&mut self, event: Event) -> Result<(), Refused> {
        let from = self.job.state;
        self.job.handle(event)?;
        let (from, to) = (name(from), name(self.job.state));
        self.log.push(Record { transition: transition(event), from, to, version: None, reason: None });
        Ok(())
    }
}

impl Machine for Logged {
    fn new() -> Self {
        Self { job: Job::new(), log: Vec::with_capacity(4_096) }
    }

    fn take(&mut self, events: &[Event]) {
        let log = mem::take(&mut self.log);
        *self = Self { job: Job::new(), log };
        self.log.clear();
        for event in events {
            if self.handle(*event).is_err() {
                self.job.refuse();
            }
        }
    }

    fn work(&self) -> Work {
        self.job.work()
    }

    fn state(&self) -> u64 {
        self.job.state()
    }
}
