//! The store over one SQLite file.

use std::{fmt, path::Path, sync::Arc};

use tokio::sync::Semaphore;

use super::{super::threads::Threads, apply, migrate, options::SqliteOptions, readers::Readers, reads, writer::Writer};
use crate::{
    envelope::StoredEvent,
    error::{Error, ErrorKind},
    id::MessageId,
    plan::SlowLog,
    store::{
        CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, Entities, Fault, Lease, LeaseRequest, Load,
        Loaded, LogRow, ModelKey, ModelRow, OutboxRow, Scan, Store,
    },
    version::Position,
};

/// A [`Store`] in one SQLite file.
///
/// One thread writes: all commits that wait share one transaction and one wait for the disk. Other threads read. Several
/// processes may use the file at once. Dropping the store lets its threads finish what was begun;
/// [`close`](Store::close) waits for that.
///
/// Clones share it.
#[derive(Clone)]
pub struct SqliteStore(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub(super) options: SqliteOptions,
    pub(super) writer: Writer,
    pub(super) readers: Readers,
    /// Of the readers, all but one may be lent to transactions.
    pub(super) lent: Arc<Semaphore>,
    pub(super) slow: SlowLog,
    threads: Threads,
}

impl SqliteStore {
    /// Opens a file with the default options, and creates it if it is not there. Call
    /// [`migrate`](Store::migrate) next.
    ///
    /// # Errors
    /// As [`SqliteOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::options(path).open()
    }

    /// Options for a file.
    pub fn options(path: impl AsRef<Path>) -> SqliteOptions {
        SqliteOptions::new(path)
    }

    /// Opens the file of a URL such as `sqlite://shop.db` or `sqlite:///var/lib/shop.db`.
    ///
    /// # Errors
    /// `db/config` if the URL has another scheme or parameters, and as [`SqliteOptions::open`].
    pub fn from_url(url: &str) -> Result<Self, Error> {
        match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            Some(path) if path.contains('?') => {
                let message = "the URL of an SQLite file takes no parameters; set them with SqliteStore::options";
                Err(Error::new(ErrorKind::Config, "db/config", message))
            }
            Some(path) => Self::open(path),
            None => {
                let scheme = url.split(':').next().unwrap_or_default();
                let message = "this is no URL of an SQLite file; write sqlite://path";
                Err(Error::new(ErrorKind::Config, "db/config", message).with("scheme", scheme))
            }
        }
    }

    pub(super) fn start(options: SqliteOptions) -> Result<Self, Error> {
        let mut threads = Threads::default();
        let writer = Writer::start(options.clone(), &mut threads)?;
        let readers = Readers::start(options.clone(), &mut threads)?;
        let lent = Arc::new(Semaphore::new(options.readers - 1));
        Ok(Self(Arc::new(Parts { options, writer, readers, lent, slow: SlowLog::default(), threads })))
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("options", &self.0.options).finish_non_exhaustive()
    }
}

impl Store for SqliteStore {
    async fn migrate(&self) -> Result<(), Error> {
        self.0.writer.alone(migrate::migrate).await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        let weight = apply::weight(&commit);
        self.0.writer.write(weight, move |db| apply::commit(db, &commit)).await
    }

    async fn load(&self, load: Load) -> Result<Loaded, Error> {
        self.0.readers.run(move |db| reads::load(db, &load)).await
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Error> {
        self.0.readers.run(move |db| reads::read(db, after, limit)).await
    }

    async fn head(&self) -> Result<Position, Error> {
        self.0.readers.run(reads::head).await
    }

    async fn log(&self, after: Position, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.0.readers.run(move |db| reads::page(db, after, limit)).await
    }

    async fn find(&self, messages: Vec<MessageId>) -> Result<Vec<LogRow>, Error> {
        self.0.readers.run(move |db| reads::find(db, &messages)).await
    }

    async fn faults(&self, limit: usize) -> Result<Vec<Fault>, Error> {
        self.0.readers.run(move |db| reads::faults(db, limit)).await
    }

    async fn model(&self, key: ModelKey) -> Result<Option<ModelRow>, Error> {
        self.0.readers.run(move |db| reads::model(db, &key)).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(String, ModelRow)>, Error> {
        self.0.readers.run(move |db| reads::scan(db, &scan)).await
    }

    async fn marked(&self, consumer: String, messages: Vec<MessageId>) -> Result<Vec<bool>, Error> {
        self.0.readers.run(move |db| reads::marked(db, &consumer, &messages)).await
    }

    async fn checkpoint(&self, name: String) -> Result<Option<Position>, Error> {
        self.0.readers.run(move |db| reads::checkpoint(db, &name)).await
    }

    async fn outbox(&self, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Error> {
        self.0.readers.run(move |db| reads::outbox(db, after, limit)).await
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Option<Lease>, Error> {
        self.0.writer.write(0, move |db| apply::take(db, &request)).await
    }

    async fn holder(&self, resource: String) -> Result<Option<String>, Error> {
        self.0.readers.run(move |db| reads::holder(db, &resource)).await
    }

    async fn release(&self, lease: Lease) -> Result<(), Error> {
        self.0.writer.write(0, move |db| apply::release(db, &lease)).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        self.0.readers.run(move |db| reads::dead_letters(db, after, limit)).await
    }

    async fn command(&self, id: MessageId) -> Result<Option<CommandRecord>, Error> {
        self.0.readers.run(move |db| reads::command(db, &id)).await
    }

    async fn commands(&self, query: CommandQuery) -> Result<Vec<CommandRecord>, Error> {
        self.0.readers.run(move |db| reads::commands(db, &query)).await
    }

    async fn counts(&self) -> Result<Counts, Error> {
        self.0.readers.run(reads::counts).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.0.writer.close();
        self.0.readers.close();
        self.0.threads.join().await;
        Ok(())
    }

    fn entities(&self) -> Option<Entities> {
        Some(Entities::new(self.clone()))
    }
}
