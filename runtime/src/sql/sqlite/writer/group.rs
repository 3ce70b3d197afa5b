//! One transaction of the writer and the jobs in it.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use rusqlite::Connection;

use super::super::{
    classify::{Failure, classify, commit_unknown, panicked},
    connection::{Session, begin, execute},
};
use super::{Order, Queue, job::Job, settle::settle};
use crate::{clock::Clock, error::Error, timestamp::Timestamp};

/// A group takes no more once it has so many jobs or so many bytes.
const JOBS: usize = 512;
const BYTES: usize = 4 << 20;
/// Nor once it has worked so long, or as long as the last COMMIT waited for the disk.
const TIME: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(20);

/// What the thread keeps from group to group.
pub(super) struct Desk {
    pub(super) session: Session,
    /// Taken from the queue and not begun.
    pub(super) orders: VecDeque<Order>,
    pace: Duration,
    clock: Clock,
}

impl Desk {
    pub(super) fn new(session: Session) -> Self {
        Self { session, orders: VecDeque::new(), pace: TIME, clock: Clock::system() }
    }
}

/// One transaction that is being filled.
pub(super) struct Group<'a> {
    session: &'a mut Session,
    queue: &'a Queue<Order>,
    orders: &'a mut VecDeque<Order>,
    pace: &'a mut Duration,
    jobs: Vec<Box<dyn Job>>,
    bytes: usize,
    clock: &'a Clock,
    begun: Timestamp,
    /// With a savepoint around each job.
    careful: bool,
    /// COMMIT was sent and has not answered.
    committing: bool,
}

/// Why the whole group ends.
enum End {
    /// Before COMMIT: nothing was written.
    Failed(Error),
    /// The transaction had ended before we ended it; what came after that was written at once.
    Lost,
    /// COMMIT answered an error.
    InDoubt(rusqlite::Error),
}

impl<'a> Group<'a> {
    pub(super) fn new(desk: &'a mut Desk, queue: &'a Queue<Order>) -> Self {
        let Desk { session, orders, pace, clock } = desk;
        let begun = clock.now();
        let (jobs, bytes) = (Vec::new(), 0);
        Self { session, queue, orders, pace, clock, jobs, bytes, begun, careful: false, committing: false }
    }

    fn worked(&self) -> Duration {
        self.clock.now().since(self.begun)
    }

    /// Applies the jobs, commits, and answers everybody.
    pub(super) fn run(mut self, first: Box<dyn Job>) {
        self.push(first);
        match catch_unwind(AssertUnwindSafe(|| self.transact())) {
            Ok(Ok(())) => self.jobs.into_iter().for_each(Job::answer),
            Ok(Err(end)) => self.fail(end),
            Err(_) => self.give_up(),
        }
    }

    fn transact(&mut self) -> Result<(), End> {
        if let Err(error) = self.begin() {
            self.admit_all();
            return Err(End::Failed(error));
        }
        let mut next = 0;
        while next < self.jobs.len() {
            next = self.apply(next)?;
            if next == self.jobs.len() {
                self.admit();
            }
        }
        self.commit()
    }

    fn begin(&mut self) -> Result<(), Error> {
        let options = self.session.options.clone();
        let connection = self.session.ready()?;
        begin(connection, &options).map_err(|error| classify(&options.path, error))
    }

    /// Applies one job and says which is next.
    fn apply(&mut self, index: usize) -> Result<usize, End> {
        let careful = self.careful;
        let Some(job) = self.jobs.get_mut(index) else { return Ok(index) };
        let connection = self.session.connection().map_err(End::Failed)?;
        let outcome = if careful { guarded(connection, job.as_mut()) } else { plain(connection, job.as_mut()) };
        let ended = connection.is_autocommit();
        match outcome {
            Ok(_) if ended => Err(End::Lost),
            Ok(Applied::Whole) => Ok(index + 1),
            Ok(Applied::Partly) => self.again().map(|()| 0),
            Err(error) => Err(End::Failed(classify(&self.session.options.path, error))),
        }
    }

    /// A job failed half-way: begins again, now with savepoints.
    fn again(&mut self) -> Result<(), End> {
        self.careful = true;
        let rolled_back = self.session.connection().map_err(End::Failed)?.execute_batch("ROLLBACK");
        if rolled_back.is_err() {
            self.session.discard();
        }
        self.begin().map_err(End::Failed)
    }

    /// Takes one more job, if one waits and the group is not full.
    fn admit(&mut self) {
        if self.jobs.len() >= JOBS || self.bytes >= BYTES || self.worked() >= *self.pace {
            return;
        }
        if self.orders.is_empty() {
            self.queue.drain(self.orders);
        }
        match self.orders.pop_front() {
            Some(Order::Write(job)) => self.push(job),
            Some(alone) => self.orders.push_front(alone),
            None => {}
        }
    }

    fn push(&mut self, job: Box<dyn Job>) {
        self.bytes += job.weight();
        self.jobs.push(job);
    }

    /// The lock could not be had: those who wait behind this group would only wait in vain once more.
    fn admit_all(&mut self) {
        self.queue.drain(self.orders);
        for order in std::mem::take(self.orders) {
            match order {
                Order::Write(job) => self.push(job),
                alone => self.orders.push_back(alone),
            }
        }
    }

    fn commit(&mut self) -> Result<(), End> {
        let connection = self.session.connection().map_err(End::Failed)?;
        self.committing = true;
        let asked = self.clock.now();
        execute(connection, "COMMIT").map_err(End::InDoubt)?;
        *self.pace = self.clock.now().since(asked).clamp(TIME, LONGEST);
        Ok(())
    }

    fn fail(self, end: End) {
        let error = match end {
            End::Failed(error) => {
                self.session.discard();
                error
            }
            End::Lost => {
                self.session.discard();
                commit_unknown(&self.session.options.path)
            }
            End::InDoubt(error) => settle(self.session, error),
        };
        self.jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }

    /// We panicked ourselves.
    fn give_up(self) {
        let path = self.session.options.path.clone();
        self.session.discard();
        let error = if self.committing { commit_unknown(&path) } else { panicked(&path) };
        self.jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }
}

/// How far a job came.
enum Applied {
    /// It did all, or was refused and did nothing.
    Whole,
    /// It failed half-way.
    Partly,
}

fn plain(connection: &Connection, job: &mut dyn Job) -> rusqlite::Result<Applied> {
    let before = connection.total_changes();
    match job.apply(connection) {
        Ok(()) => Ok(Applied::Whole),
        Err(Failure::Sql(error)) => Err(error),
        Err(Failure::Own(_)) if connection.total_changes() != before => Ok(Applied::Partly),
        Err(Failure::Own(error)) => {
            job.refuse(error);
            Ok(Applied::Whole)
        }
    }
}

fn guarded(connection: &Connection, job: &mut dyn Job) -> rusqlite::Result<Applied> {
    execute(connection, "SAVEPOINT bw_job")?;
    match job.apply(connection) {
        Ok(()) => {}
        Err(Failure::Sql(error)) => return Err(error),
        Err(Failure::Own(error)) => {
            execute(connection, "ROLLBACK TO bw_job")?;
            job.refuse(error);
        }
    }
    execute(connection, "RELEASE bw_job")?;
    Ok(Applied::Whole)
}
