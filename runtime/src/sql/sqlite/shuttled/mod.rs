//! The writer under the many orders in which threads may take their turns: the same files once more, with locks and
//! threads of shuttle, which chooses the turns. A caller who is never woken is a deadlock, and shuttle tells.

#![expect(clippy::duplicate_mod, reason = "each file is read once more, with other locks")]

mod sync {
    pub(super) use shuttle::sync::{Condvar, Mutex, MutexGuard};
}

mod threads {
    use crate::error::Error;

    #[derive(Default)]
    pub(super) struct Threads;

    impl Threads {
        #[expect(clippy::unnecessary_wraps, reason = "the form of the one it stands for")]
        pub(super) fn spawn(&mut self, _name: String, run: impl FnOnce() + Send + 'static) -> Result<(), Error> {
            shuttle::thread::spawn(run);
            Ok(())
        }
    }
}

/// The same files, and what is asked of them.
#[path = ".."]
mod sqlite {
    use std::{
        path::{Path, PathBuf},
        sync::Arc,
    };

    use futures_util::future::poll_immediate;
    use rusqlite::Connection;
    use shuttle::{future::block_on, thread};
    use tokio::sync::oneshot;

    const TRIES: usize = 100;
    const TABLE: &str = "CREATE TABLE t (n INTEGER PRIMARY KEY)";

    use self::{queue::Queue, writer::Writer};
    use super::super::{SqliteStore, Synchronous, classify, connection, migrate::migrate, options};
    use super::threads;
    use crate::error::Error;

    mod queue;
    mod writer;

    /// What is in the table, seen by somebody else.
    fn stored(path: &Path) -> Vec<i64> {
        let db = Connection::open(path).unwrap();
        let mut statement = db.prepare("SELECT n FROM t").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    async fn insert(writer: &Writer, number: i64) -> Result<usize, Error> {
        writer.write(1, move |db| Ok(db.execute("INSERT INTO t VALUES (?1)", [number])?)).await
    }

    /// A caller with a row to write; the first does not wait for the answer.
    fn caller(writer: Arc<Writer>, path: PathBuf, number: i64) -> thread::JoinHandle<()> {
        thread::spawn(move || {
            if number == 0 {
                let _left = block_on(poll_immediate(insert(&writer, number)));
            } else {
                assert_eq!(block_on(insert(&writer, number)).unwrap(), 1);
                assert!(stored(&path).contains(&number), "answered before COMMIT");
            }
        })
    }

    /// Callers at once, one of whom leaves before the answer. Who waits is answered, after COMMIT and never before.
    #[test]
    fn whatever_the_turns_every_caller_is_answered_after_the_commit() {
        let callers = || {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.db");
            let options = SqliteStore::options(&path).synchronous(Synchronous::Normal);
            let writer = Arc::new(Writer::start(options, &mut threads::Threads).unwrap());
            block_on(writer.alone(migrate)).unwrap();
            block_on(writer.write(0, |db| Ok(db.execute_batch(TABLE)?))).unwrap();
            let callers: Vec<_> = (0..3).map(|number| caller(Arc::clone(&writer), path.clone(), number)).collect();
            callers.into_iter().for_each(|caller| caller.join().unwrap());
            block_on(insert(&writer, 9)).unwrap();
            assert_eq!(stored(&path), [0, 1, 2, 9], "what was ordered is done, whoever left");
        };
        shuttle::check_pct(callers, TRIES, 3);
    }

    /// Two threads that read, three jobs, and the end in the midst of it.
    #[test]
    fn whatever_the_turns_each_job_is_done_once_and_the_threads_end() {
        shuttle::check_pct(
            || {
                let (queue, done) = (Arc::new(Queue::new()), Arc::new(shuttle::sync::Mutex::new(Vec::new())));
                let reader = || {
                    let (queue, done) = (Arc::clone(&queue), Arc::clone(&done));
                    thread::spawn(move || {
                        while let Some(job) = queue.pop() {
                            done.lock().unwrap().push(job);
                        }
                    })
                };
                let mut all: Vec<_> = (0..2).map(|_| reader()).collect();
                let pusher = Arc::clone(&queue);
                all.push(thread::spawn(move || (0..3).for_each(|job| assert!(pusher.push(job).is_ok()))));
                all.pop().unwrap().join().unwrap();
                queue.close();
                assert!(queue.push(3).is_err());
                all.into_iter().for_each(|reader| reader.join().unwrap());
                done.lock().unwrap().sort_unstable();
                assert_eq!(*done.lock().unwrap(), [0, 1, 2]);
            },
            TRIES,
            3,
        );
    }

    /// The thread dies with jobs in its hands and in the queue: nobody waits for it for ever.
    #[test]
    fn whatever_the_turns_nobody_waits_for_a_thread_that_died() {
        shuttle::check_pct(
            || {
                let queue = Arc::new(Queue::<oneshot::Sender<()>>::new());
                let dying = Arc::clone(&queue);
                let thread = thread::spawn(move || {
                    let first = dying.pop();
                    dying.abandon();
                    drop(first);
                });
                let (reply, answer) = oneshot::channel();
                assert!(queue.push(reply).is_ok());
                let (late_reply, late) = oneshot::channel();
                let _refused_or_dropped = queue.push(late_reply);
                assert!(block_on(answer).is_err());
                assert!(block_on(late).is_err());
                thread.join().unwrap();
            },
            TRIES,
            3,
        );
    }
}
