//! The store over a PostgreSQL database.

use std::{fmt, sync::Arc};

use super::{
    super::{
        log,
        server::{Readers, Tables, Units, Writer, on_a_connection},
        threads::Threads,
    },
    apply,
    barrier::Barrier,
    connection::Postgres,
    notify::Notices,
    options::PostgresOptions,
    reads,
    tenants::{Callers, Reached},
    writer::{self, ShortWay},
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

/// A [`Store`] in a PostgreSQL database, 15 or later.
///
/// It has connections of its own. Those that write are served by one thread: commits that wait for them share a
/// statement and a wait for the server's disk. Those that read belong to whoever reads, and one to whoever appends while
/// nobody else writes. Any number of processes may use the database at once. Dropping the store lets its thread finish what was begun; [`close`](Store::close) waits for that.
///
/// Clones share it.
#[derive(Clone)]
pub struct PostgresStore(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub(super) options: PostgresOptions,
    pub(super) writer: Arc<Writer>,
    short_way: ShortWay,
    readers: Readers<Postgres>,
    pub(super) tables: Tables<Postgres>,
    pub(super) units: Arc<Units<Postgres>>,
    pub(super) system: Option<Callers>,
    pub(super) slow: SlowLog,
    barrier: Barrier,
    notices: Arc<Notices>,
    threads: Threads,
}

impl PostgresStore {
    /// The store in the database of a URL such as `postgres://user:password@host/database`, with the default options.
    /// Call [`migrate`](Store::migrate) next.
    ///
    /// # Errors
    /// As [`options`](Self::options) and [`PostgresOptions::connect`].
    pub fn connect(url: &str) -> Result<Self, Error> {
        Self::options(url)?.connect()
    }

    /// Options for the database of a URL. The usual parameters are understood, such as `sslmode=verify-full`; what the URL
    /// does not say is taken from the usual variables of the environment, such as `PGPASSWORD`.
    ///
    /// # Errors
    /// `db/config` if it is no URL of a PostgreSQL database.
    pub fn options(url: &str) -> Result<PostgresOptions, Error> {
        PostgresOptions::new(url)
    }

    pub(super) fn start(options: PostgresOptions, system: Option<PostgresOptions>) -> Result<Self, Error> {
        let mut threads = Threads::default();
        let notices = Arc::new(Notices::new(&options));
        let (writer, short_way) = writer::start(&options, Arc::clone(&notices), &mut threads)?;
        let readers = Readers::new(options.clone(), options.readers);
        let writer = Arc::new(writer);
        let Callers { tables, units } = Callers::new(&options, &writer);
        let system = system.filter(|_| options.keeps_tenants()).map(|other| Callers::new(&other, &writer));
        Ok(Self(Arc::new(Parts {
            options,
            writer,
            short_way,
            readers,
            tables,
            units,
            system,
            slow: SlowLog::default(),
            barrier: Barrier::default(),
            notices,
            threads,
        })))
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("options", &self.0.options).finish_non_exhaustive()
    }
}

impl Store for PostgresStore {
    async fn migrate(&self) -> Result<(), Error> {
        self.0.writer.migrate().await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        let caller = self.0.short_way.enter();
        if let Some(connection) = caller.take(&commit)
            && let Some(answer) = caller.write(connection, &commit).await
        {
            return answer;
        }
        self.0.writer.write(commit).await
    }

    async fn load(&self, load: Load) -> Result<Loaded, Error> {
        on_a_connection!(self.0, |db| reads::load(db, &load))
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Error> {
        log::events(self.log(after, limit).await?)
    }

    async fn log(&self, after: Position, limit: usize) -> Result<Vec<LogRow>, Error> {
        on_a_connection!(self.0, |db| self.0.barrier.read(db, after, limit))
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
        if let Some(system) = &self.0.system {
            system.units.close();
        }
        self.0.writer.close();
        self.0.short_way.close().await;
        self.0.readers.close().await;
        self.0.tables.close().await;
        if let Some(system) = &self.0.system {
            system.tables.close().await;
        }
        self.0.threads.join().await;
        Ok(())
    }

    fn entities(&self) -> Option<Entities> {
        Some(Entities::new(Reached::new(self.clone())))
    }

    fn signals(&self) -> Option<Signals> {
        Some(self.0.notices.signals())
    }
}
