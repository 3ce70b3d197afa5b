//! Rows one after the other, however many there are.

use std::vec;

use futures_core::Stream;
use futures_util::stream::try_unfold;

use super::{Find, options::sized, sort::complete};
use crate::{
    entity::{Entity, Value},
    error::Error,
    plan::{Collect, Order, Select, Snapshot},
};

/// How rows come from the database while they are read one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamMode {
    /// So many at once, 1 to 1,000; between two reads nothing is held, neither a connection nor a snapshot: rows that come and go
    /// meanwhile hide no other and show none twice.
    Chunked(u64),
    /// All rows as they were at one moment, whatever is written meanwhile. Until the stream ends or is dropped it holds a
    /// connection of those for units of work, in a transaction that only reads; at most one less than there are `readers` may
    /// do so at once. Who takes longer than a minute for a thousand rows loses it.
    Snapshot,
}

impl Default for StreamMode {
    /// A thousand at once.
    fn default() -> Self {
        Self::Chunked(1_000)
    }
}

impl<'r, 'a, E: Entity> Find<'r, 'a, E> {
    /// All of them, one after the other, in the order of the keys. What is kept in memory does not grow with their number;
    /// [`limit`](Self::limit) does not hold here. Dropped half-way, it leaves nothing behind.
    ///
    /// ```
    /// # use bailiwick::{Error, entity::Entity, repository::{Db, StreamMode}, specification::Spec};
    /// # use futures_util::TryStreamExt as _;
    /// # #[derive(Entity)]
    /// # struct Line {
    /// #     #[id]
    /// #     id: i64,
    /// # }
    /// # async fn run() -> Result<(), Error> {
    /// # let db = Db::memory();
    /// # let mut lines = db.repository::<Line>();
    /// # for id in 0..5 { lines.insert(NewLine { id }).await?; }
    /// let mut all = lines.find(Spec::all()).sort(Line::id().desc()).stream(StreamMode::Chunked(2));
    /// let mut ids = Vec::new();
    /// while let Some(line) = all.try_next().await? {
    ///     ids.push(line.id);
    /// }
    /// assert_eq!(ids, [4, 3, 2, 1, 0]);
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
    /// ```
    ///
    /// # Errors
    /// The stream ends with the first: `page/size` for another number than 1 to 1,000; `db/streams` for a snapshot where too many
    /// are open, or in a unit that sees what others commit meanwhile; or those of the database.
    ///
    /// # Cancel safety
    /// Dropped early, a snapshot on a server closes its connection.
    pub fn stream(self, mode: StreamMode) -> impl Stream<Item = Result<E, Error>> + Send + Unpin + use<'r, 'a, E> {
        let (size, state) = match mode {
            StreamMode::Chunked(size) => (size, State::Any),
            StreamMode::Snapshot => (AT_ONCE, State::Wanted),
        };
        let order = complete(&self.options.keys);
        let rows = Vec::new().into_iter();
        let reading = Reading { find: self, order, seek: None, rows, size, state, last: false };
        Box::pin(try_unfold(reading, Reading::next))
    }
}

/// Where a stream is.
struct Reading<'r, 'a, E> {
    find: Find<'r, 'a, E>,
    order: Vec<Order>,
    /// The keys of the last row that was read.
    seek: Option<Vec<Value<'static>>>,
    rows: vec::IntoIter<E>,
    size: u64,
    state: State,
    /// Whether nothing comes after these rows.
    last: bool,
}

/// So many rows of a snapshot are read at once.
const AT_ONCE: u64 = 1_000;

/// Which state of the database is read.
enum State {
    /// The one of the moment, or that of the unit around it.
    Any,
    /// One for all reads, from the first of them on.
    Wanted,
    Held(Box<dyn Snapshot>),
}

impl<E: Entity> Reading<'_, '_, E> {
    async fn next(mut self) -> Result<Option<(E, Self)>, Error> {
        if self.rows.len() == 0 && !self.last {
            self.read().await?;
        }
        Ok(self.rows.next().map(|row| (row, self)))
    }

    async fn read(&mut self) -> Result<(), Error> {
        sized(self.size)?;
        self.find.repository.keyed()?; // the id decides between rows of the same keys
        let (order, seek) = (self.order.clone(), self.seek.take());
        let plan = Select { order, seek, ..self.find.reach(Vec::new())?.up_to(self.size) };
        if matches!(self.state, State::Wanted) {
            self.state = self.find.repository.on.snapshot().await?.map_or(State::Any, State::Held);
        }
        let found = match &self.state {
            State::Held(snapshot) => snapshot.select(plan, Collect::<E>::sink()).await.map(Collect::found)?,
            State::Any | State::Wanted => self.find.repository.read(plan).await?,
        };
        self.last = (found.len() as u64) < self.size;
        if self.last
            && let State::Held(snapshot) = std::mem::replace(&mut self.state, State::Any)
        {
            snapshot.end().await?;
        }
        let keys = |row: &E| self.order.iter().map(|key| row.value(key.place).into_owned()).collect();
        self.seek = found.last().map(keys);
        self.rows = found.into_iter();
        Ok(())
    }
}
