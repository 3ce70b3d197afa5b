//! The store over a MySQL or MariaDB database.

use std::{fmt, sync::Arc};

use super::{
    super::{
        log,
        server::{Readers, Tables, Units, Writer, on_a_connection},
        threads::Threads,
    },
    apply,
    connection::MySql,
    options::MysqlOptions,
    reads, writer,
};
use crate::{
    envelope::StoredEvent,
    error::Error,
    id::MessageId,
    plan::SlowLog,
    store::{
        CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, Entities, Fault, Lease, LeaseRequest, Load,
        Loaded, LogRow, ModelKey, ModelRow, OutboxRow, Scan, Signals, Store,
    },
    version::Position,
};

/// A [`Store`] in a MySQL database, 8.0 or later, or a MariaDB database, 10.6 or later.
///
/// It has connections of its own. One writes, served by one thread: commits that wait for it share a transaction and a
/// wait for the server's disk. Those that read belong to whoever reads. Any number of processes may use the database at
/// once; they write in turn. Dropping the store lets its thread finish what was begun; [`close`](Store::close) waits for
/// that.
///
/// Events cannot be changed or deleted: triggers refuse it, but for TRUNCATE, which needs the right to drop tables. The
/// user who calls [`migrate`](Store::migrate) needs the right to make triggers. How long a commit survives is the server's setting: `innodb_flush_log_at_trx_commit = 1`, the default, loses
/// nothing acknowledged.
///
/// Clones share it.
#[derive(Clone)]
pub struct MysqlStore(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub(super) options: MysqlOptions,
    pub(super) writer: Arc<Writer>,
    readers: Readers<MySql>,
    pub(super) tables: Tables<MySql>,
    pub(super) units: Arc<Units<MySql>>,
    pub(super) slow: SlowLog,
    signals: Signals,
    threads: Threads,
}

impl MysqlStore {
    /// The store in the database of a URL such as `mysql://user:password@host/database`, with the default options.
    /// Call [`migrate`](Store::migrate) next.
    ///
    /// # Errors
    /// As [`options`](Self::options) and [`MysqlOptions::connect`].
    pub fn connect(url: &str) -> Result<Self, Error> {
        Self::options(url)?.connect()
    }

    /// Options for the database of a URL. The usual parameters are understood, such as `ssl-mode=VERIFY_IDENTITY`.
    ///
    /// # Errors
    /// `db/config` if it is no URL of a MySQL or MariaDB database.
    pub fn options(url: &str) -> Result<MysqlOptions, Error> {
        MysqlOptions::new(url)
    }

    pub(super) fn start(options: MysqlOptions) -> Result<Self, Error> {
        let mut threads = Threads::default();
        let signals = Signals::new();
        let writer = writer::start(&options, signals.clone(), &mut threads)?;
        let readers = Readers::new(options.clone(), options.readers);
        let breaker = || options.breaker.clone();
        let tables = Tables::new(options.clone(), options.readers, breaker());
        let writer = Arc::new(writer);
        let writes = MysqlOptions { writes: true, ..options.clone() };
        let units = Units::new(writes, (options.readers, breaker()), Arc::clone(&writer));
        let (units, slow) = (Arc::new(units), SlowLog::default());
        Ok(Self(Arc::new(Parts { options, writer, readers, tables, units, slow, signals, threads })))
    }
}

impl fmt::Debug for MysqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MysqlStore").field("options", &self.0.options).finish_non_exhaustive()
    }
}

impl Store for MysqlStore {
    async fn migrate(&self) -> Result<(), Error> {
        self.0.writer.migrate().await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        self.0.writer.write(commit).await
    }

    async fn load(&self, load: Load) -> Result<Loaded, Error> {
        on_a_connection!(self.0, |db| reads::load(db, &load))
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Error> {
        log::events(self.log(after, limit).await?)
    }

    async fn log(&self, after: Position, limit: usize) -> Result<Vec<LogRow>, Error> {
        on_a_connection!(self.0, |db| reads::page(db, after, limit))
    }

    async fn head(&self) -> Result<Position, Error> {
        on_a_connection!(self.0, |db| reads::head(db))
    }

    async fn find(&self, messages: Vec<MessageId>) -> Result<Vec<LogRow>, Error> {
        on_a_connection!(self.0, |db| reads::find(db, &messages))
    }

    async fn faults(&self, limit: usize) -> Result<Vec<Fault>, Error> {
        on_a_connection!(self.0, |db| reads::faults(db, limit))
    }

    async fn model(&self, key: ModelKey) -> Result<Option<ModelRow>, Error> {
        on_a_connection!(self.0, |db| reads::model(db, &key))
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(String, ModelRow)>, Error> {
        on_a_connection!(self.0, |db| reads::scan(db, &scan))
    }

    async fn marked(&self, consumer: String, messages: Vec<MessageId>) -> Result<Vec<bool>, Error> {
        on_a_connection!(self.0, |db| reads::marked(db, &consumer, &messages))
    }

    async fn checkpoint(&self, name: String) -> Result<Option<Position>, Error> {
        on_a_connection!(self.0, |db| reads::checkpoint(db, &name))
    }

    async fn outbox(&self, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Error> {
        on_a_connection!(self.0, |db| reads::outbox(db, after, limit))
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Option<Lease>, Error> {
        on_a_connection!(self.0, |db| apply::take(db, &request))
    }

    async fn holder(&self, resource: String) -> Result<Option<String>, Error> {
        on_a_connection!(self.0, |db| reads::holder(db, &resource))
    }

    async fn release(&self, lease: Lease) -> Result<(), Error> {
        on_a_connection!(self.0, |db| apply::release(db, &lease))
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        on_a_connection!(self.0, |db| reads::dead_letters(db, after, limit))
    }

    async fn command(&self, id: MessageId) -> Result<Option<CommandRecord>, Error> {
        on_a_connection!(self.0, |db| reads::command(db, id))
    }

    async fn commands(&self, query: CommandQuery) -> Result<Vec<CommandRecord>, Error> {
        on_a_connection!(self.0, |db| reads::commands(db, &query))
    }

    async fn counts(&self) -> Result<Counts, Error> {
        on_a_connection!(self.0, |db| reads::counts(db))
    }

    async fn close(&self) -> Result<(), Error> {
        self.0.units.close();
        self.0.writer.close();
        self.0.readers.close().await;
        self.0.tables.close().await;
        self.0.threads.join().await;
        Ok(())
    }

    fn entities(&self) -> Option<Entities> {
        Some(Entities::new(self.clone()))
    }

    fn signals(&self) -> Option<Signals> {
        Some(self.0.signals.clone())
    }
}
