//! One transaction of the writer and the jobs in it.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

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
    desk: &'a mut Desk,
    queue: &'a Queue<Order>,
    jobs: Vec<Box<dyn Job>>,
    bytes: usize,
    begun: Timestamp,
    /// With a savepoint around each job.
    careful: bool,
    /// For one job alone.
    single: bool,
    /// COMMIT was sent and has not answered.
    committing: bool,
}

/// Why the whole group ends.
enum End {
    /// Before COMMIT: nothing was written.
    Failed(Error),
    /// The transaction had ended before we ended it; what came after that was written at once.
    Lost,
    /// A job has ended the transaction with its error: nothing was written.
    Undone,
    /// COMMIT answered an error.
    InDoubt(rusqlite::Error),
}

impl<'a> Group<'a> {
    pub(super) fn new(desk: &'a mut Desk, queue: &'a Queue<Order>) -> Self {
        let begun = desk.clock.now();
        let (jobs, bytes) = (Vec::new(), 0);
        Self { desk, queue, jobs, bytes, begun, careful: false, single: false, committing: false }
    }

    fn worked(&self) -> Duration {
        self.desk.clock.now().since(self.begun)
    }

    /// Applies the jobs, commits, and answers everybody.
    pub(super) fn run(mut self, first: Box<dyn Job>) {
        self.push(first);
        match catch_unwind(AssertUnwindSafe(|| self.transact())) {
            Ok(Ok(())) => self.jobs.into_iter().for_each(Job::answer),
            Ok(Err(End::Undone)) => self.singly(),
            Ok(Err(End::InDoubt(error))) if self.jobs.len() > 1 && is_of_a_row(&error) => self.singly(),
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
        let options = self.desk.session.options.clone();
        let connection = self.desk.session.ready()?;
        begin(connection, &options).map_err(|error| classify(&options.path, error))
    }

    /// Applies one job and says which is next.
    fn apply(&mut self, index: usize) -> Result<usize, End> {
        let careful = self.careful;
        let Some(job) = self.jobs.get_mut(index) else { return Ok(index) };
        let connection = self.desk.session.connection().map_err(End::Failed)?;
        let outcome = if careful { guarded(connection, job.as_mut()) } else { plain(connection, job.as_mut()) };
        let ended = connection.is_autocommit();
        match outcome {
            Ok(Applied::Whole) if ended => Err(End::Lost),
            Ok(_) if ended => Err(End::Undone),
            Ok(Applied::Whole | Applied::Refused) => Ok(index + 1),
            Ok(Applied::Partly) => self.again().map(|()| 0),
            Err(error) => Err(End::Failed(classify(&self.desk.session.options.path, error))),
        }
    }

    /// A job failed half-way: begins again, now with savepoints.
    fn again(&mut self) -> Result<(), End> {
        self.careful = true;
        let rolled_back = self.desk.session.connection().map_err(End::Failed)?.execute_batch("ROLLBACK");
        if rolled_back.is_err() {
            self.desk.session.discard();
        }
        self.begin().map_err(End::Failed)
    }

    /// Takes one more job, if one waits and the group is not full.
    fn admit(&mut self) {
        if self.single || self.jobs.len() >= JOBS || self.bytes >= BYTES || self.worked() >= self.desk.pace {
            return;
        }
        if self.desk.orders.is_empty() {
            self.queue.drain(&mut self.desk.orders);
        }
        match self.desk.orders.pop_front() {
            Some(Order::Write(job)) => self.push(job),
            Some(alone) => self.desk.orders.push_front(alone),
            None => {}
        }
    }

    fn push(&mut self, job: Box<dyn Job>) {
        self.bytes += job.weight();
        self.jobs.push(job);
    }

    /// The lock could not be had: those who wait behind this group would only wait in vain once more.
    fn admit_all(&mut self) {
        self.queue.drain(&mut self.desk.orders);
        for order in std::mem::take(&mut self.desk.orders) {
            match order {
                Order::Write(job) => self.push(job),
                alone => self.desk.orders.push_back(alone),
            }
        }
    }

    fn commit(&mut self) -> Result<(), End> {
        let connection = self.desk.session.connection().map_err(End::Failed)?;
        self.committing = true;
        let asked = self.desk.clock.now();
        execute(connection, "COMMIT").map_err(End::InDoubt)?;
        self.desk.pace = self.desk.clock.now().since(asked).clamp(TIME, LONGEST);
        Ok(())
    }

    /// One job has spoilt the transaction of all, which is undone: each is done again in one of its own.
    fn singly(self) {
        self.desk.session.discard();
        if self.single {
            return self.jobs.into_iter().for_each(Job::answer); // it has kept its error
        }
        for job in self.jobs {
            let alone = Group { single: true, ..Group::new(self.desk, self.queue) };
            alone.run(job);
        }
    }

    fn fail(self, end: End) {
        let error = match end {
            End::Failed(error) => {
                self.desk.session.discard();
                error
            }
            End::Lost | End::Undone => {
                self.desk.session.discard();
                commit_unknown(&self.desk.session.options.path)
            }
            End::InDoubt(error) => settle(&mut self.desk.session, error),
        };
        self.jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }

    /// We panicked ourselves.
    fn give_up(self) {
        let path = self.desk.session.options.path.clone();
        self.desk.session.discard();
        let error = if self.committing { commit_unknown(&path) } else { panicked(&path) };
        self.jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }
}

/// How far a job came.
enum Applied {
    /// It did all.
    Whole,
    /// It was refused and did nothing.
    Refused,
    /// It failed half-way.
    Partly,
}

fn plain(connection: &Connection, job: &mut dyn Job) -> rusqlite::Result<Applied> {
    let before = connection.total_changes();
    match job.apply(connection) {
        Ok(()) => Ok(Applied::Whole),
        Err(Failure::Sql(error)) => Err(error),
        Err(Failure::Own(_)) if connection.total_changes() != before && !connection.is_autocommit() => {
            Ok(Applied::Partly)
        }
        Err(Failure::Own(error)) => {
            job.refuse(error);
            Ok(Applied::Refused)
        }
    }
}

fn guarded(connection: &Connection, job: &mut dyn Job) -> rusqlite::Result<Applied> {
    execute(connection, "SAVEPOINT bw_job")?;
    match job.apply(connection) {
        Ok(()) => {}
        Err(Failure::Sql(error)) => return Err(error),
        Err(Failure::Own(error)) => {
            job.refuse(error);
            if connection.is_autocommit() {
                return Ok(Applied::Refused); // its error has ended the transaction
            }
            execute(connection, "ROLLBACK TO bw_job")?;
        }
    }
    execute(connection, "RELEASE bw_job")?;
    Ok(Applied::Whole)
}

/// Whether COMMIT was refused for what a job has written, such as a reference that is checked at the end.
fn is_of_a_row(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}
