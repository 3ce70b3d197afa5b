//! The threads that read, each with a connection of its own.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{
    super::threads::Threads,
    classify::{Failure, closed, overloaded, panicked},
    connection::{Session, Use},
    options::SqliteOptions,
    queue::{Queue, Refused},
};
use crate::error::{Error, ErrorKind};

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// The readers, seen from the callers.
pub(super) struct Readers {
    options: SqliteOptions,
    queue: Arc<Queue<Job>>,
}

impl Readers {
    pub(super) fn start(options: SqliteOptions, threads: &mut Threads) -> Result<Self, Error> {
        let queue = Arc::new(Queue::new());
        let readers = Self { options: options.clone(), queue: Arc::clone(&queue) };
        for number in 0..options.readers {
            let (options, queue) = (options.clone(), Arc::clone(&queue));
            threads.spawn(format!("bw-sqlite-read-{number}"), move || run(options, &queue))?;
        }
        Ok(readers)
    }

    /// Has a reader do a work and waits for the answer.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.lend(move |session| {
            let _gone = reply.send(read(session, work)); // a caller that left wants no answer
        })?;
        answer.await.unwrap_or_else(|_| Err(panicked(&self.options.path)))
    }

    /// Lends a reader and its connection when it is their turn; the work answers by itself.
    pub(super) fn lend(&self, work: impl FnOnce(&mut Session) + Send + 'static) -> Result<(), Error> {
        self.queue.push(Box::new(work)).map_err(|refused| match refused {
            Refused::Closed => closed(&self.options.path),
            Refused::Full => overloaded(&self.options.path),
        })
    }

    pub(super) fn close(&self) {
        self.queue.close();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close(); // ends when its work is done; nobody waits for it
    }
}

fn run(options: SqliteOptions, queue: &Queue<Job>) {
    let mut session = Session::new(options, Use::Read);
    while let Some(job) = queue.pop() {
        // The job holds its caller's channel: when it panics, the caller learns of it.
        if catch_unwind(AssertUnwindSafe(|| job(&mut session))).is_err() {
            session.discard();
        }
    }
}

fn read<T>(session: &mut Session, work: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T, Error> {
    let path = session.options.path.clone();
    let connection = session.ready()?;
    let answer = work(connection).map_err(|failure| failure.into_error(&path));
    let doubtful = !connection.is_autocommit() || matches!(&answer, Err(error) if error.kind() != ErrorKind::Invalid);
    if doubtful {
        session.discard();
    }
    answer
}

/// Runs reads that belong together in one transaction, so that they see one state.
pub(super) fn snapshot<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let answer = work(connection);
    let ended = connection.prepare_cached("COMMIT")?.execute([]);
    let value = answer?;
    ended?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{Readers, Threads};
    use crate::sql::sqlite::{
        connection::{Session, Use},
        migrate::migrate,
        options::SqliteOptions,
        reads,
    };

    #[tokio::test]
    async fn a_reader_that_panics_tells_its_caller_and_reads_on() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("a.db")).readers(1);
        migrate(&mut Session::new(options.clone(), Use::Write)).unwrap();
        let mut threads = Threads::default();
        let readers = Readers::start(options, &mut threads).unwrap();
        let panicked = readers.run::<(), _>(|_| std::panic::resume_unwind(Box::new("ours"))).await;
        assert_eq!(panicked.unwrap_err().code(), "store/panicked");
        assert_eq!(readers.run(reads::counts).await.unwrap().events, 0);
        let failed = readers.run(|db| Ok(db.execute_batch("DELETE FROM bw_outbox")?)).await;
        assert_eq!(failed.unwrap_err().code(), "db/open", "readers write nothing");
        assert_eq!(readers.run(reads::counts).await.unwrap().events, 0);
        readers.close();
        threads.join().await;
    }
}
