//! The rows for which a condition holds.

use std::fmt;

use futures_util::StreamExt as _;

use super::{Background, forward};
use crate::{
    entity::{ColumnType, Entity, Field, Ordered, Summable},
    error::Error,
    repository::{self, Count, FindOptions, Having, OffsetPage, Page, PageRequest, SortKey, StreamMode, Total},
};

/// A read of many rows; as [`Find`](repository::Find) of the async form.
#[must_use = "nothing is read until `list`, `first`, `one`, `exists`, `count`, `page` or `page_number` is called"]
pub struct Find<'r, 'a, E> {
    pub(super) inner: repository::Find<'r, 'a, E>,
    pub(super) on: &'a Background,
}

impl<'r, 'a, E: Entity> Find<'r, 'a, E> {
    forward! {
        repository::Find;
        fn options(&self) -> &FindOptions<E>;
        with fn sort(self, key: SortKey<E>);
        with fn having(self, related: Having<E>);
        with fn lacking(self, related: Having<E>);
        with fn limit(self, rows: u64);
        with fn max_offset(self, rows: u64);
        async fn list(self) -> Result<Vec<E>, Error>;
        async fn first(self) -> Result<Option<E>, Error>;
        async fn one(self) -> Result<E, Error>;
        async fn exists(self) -> Result<bool, Error>;
        async fn count(self, count: Count) -> Result<Total, Error>;
        async fn page(self, request: PageRequest) -> Result<Page<E>, Error>;
        async fn page_number(self, page: u64, per_page: u64) -> Result<OffsetPage<E>, Error>;
        async fn sum[T, F, S](self, field: Field<E, T, F, S>) -> Result<Option<<T::Plain as Summable>::Sum>, Error>
        where [T: ColumnType, T::Plain: Summable];
        async fn min[T, F, S](self, field: Field<E, T, F, S>) -> Result<Option<T::Plain>, Error>
        where [T: ColumnType, T::Plain: Ordered];
        async fn max[T, F, S](self, field: Field<E, T, F, S>) -> Result<Option<T::Plain>, Error>
        where [T: ColumnType, T::Plain: Ordered];
    }

    /// All of them, one after the other; as [`stream`](repository::Find::stream) of the async form. It ends with the first error.
    ///
    /// ```
    /// # use bailiwick::{Error, blocking::Db, entity::Entity, repository::StreamMode, specification::Spec};
    /// # #[derive(Entity)]
    /// # struct Line { #[id] id: i64 }
    /// # fn main() -> Result<(), Error> {
    /// # let db = Db::memory();
    /// # let mut lines = db.repository::<Line>();
    /// # for id in 0..5 { lines.insert(NewLine { id })?; }
    /// let mut ids = Vec::new();
    /// for line in lines.find(Spec::all()).sort(Line::id().desc()).stream(StreamMode::Chunked(2)) {
    ///     ids.push(line?.id);
    /// }
    /// assert_eq!(ids, [4, 3, 2, 1, 0]);
    /// # Ok(()) }
    /// ```
    pub fn stream(self, mode: StreamMode) -> impl Iterator<Item = Result<E, Error>> + use<'r, 'a, E> {
        let (mut rows, on) = (Some(self.inner.stream(mode)), self.on);
        std::iter::from_fn(move || {
            let open = rows.as_mut()?;
            let next = on.wait(async { Ok(open.next().await) }).unwrap_or_else(|refused| Some(Err(refused)));
            if !matches!(next, Some(Ok(_))) {
                rows = None;
            }
            next
        })
    }
}

impl<E: Entity> fmt::Debug for Find<'_, '_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
