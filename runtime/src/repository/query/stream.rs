//! Rows one after the other, however many there are.

use std::vec;

use futures_core::Stream;
use futures_util::stream::try_unfold;

use super::{Find, options::sized, sort::complete};
use crate::{
    entity::{Entity, Value},
    error::Error,
    plan::{Order, Select},
};

/// How rows come from the database while they are read one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamMode {
    /// So many at once, 1 to 1,000; between two reads nothing is held, neither a connection nor a snapshot: rows that come and go
    /// meanwhile hide no other and show none twice.
    Chunked(u64),
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
    /// The stream ends with the first: `page/size` for another number than 1 to 1,000, or those of the database.
    pub fn stream(self, mode: StreamMode) -> impl Stream<Item = Result<E, Error>> + Send + Unpin + use<'r, 'a, E> {
        let StreamMode::Chunked(size) = mode;
        let order = complete(&self.options.keys);
        let reading = Reading { find: self, order, seek: None, rows: Vec::new().into_iter(), size, last: false };
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
    /// Whether nothing comes after these rows.
    last: bool,
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
        let found = self.find.repository.select(plan).await?;
        self.last = (found.len() as u64) < self.size;
        let keys = |row: &E| self.order.iter().map(|key| row.value(key.place).into_owned()).collect();
        self.seek = found.last().map(keys);
        self.rows = found.into_iter();
        Ok(())
    }
}
