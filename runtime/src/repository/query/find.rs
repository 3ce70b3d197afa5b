//! The rows for which a condition holds.

use std::fmt;

use super::{Count, OffsetPage, Page, PageRequest, SortKey, Total, sort::complete, walk::Walk};
use crate::{
    entity::Entity,
    error::Error,
    plan::{Reach, Select},
    repository::{Repository, failure},
    specification::Spec,
};

/// More rows than these are an answer that nobody reads at once.
const CEILING: u64 = 1_000;
/// The furthest offset of a page, unless it is raised.
const FURTHEST: u64 = 10_000;

/// A read of many rows: begun by [`Repository::find`], carried out by its last call.
///
/// Every read is ordered: the id decides between rows that are alike in all keys.
#[must_use = "nothing is read until `list`, `first`, `one`, `exists`, `count`, `page` or `page_number` is called"]
pub struct Find<'r, 'a, E> {
    pub(super) repository: &'r mut Repository<'a, E>,
    pub(super) spec: Spec<E>,
    pub(super) keys: Vec<SortKey<E>>,
    cap: u64,
    furthest: u64,
}

impl<'r, 'a, E: Entity> Find<'r, 'a, E> {
    pub(in crate::repository) fn new(repository: &'r mut Repository<'a, E>, spec: Spec<E>) -> Self {
        Self { repository, spec, keys: Vec::new(), cap: CEILING, furthest: FURTHEST }
    }

    /// Sorts by this key, after those that were named before.
    pub fn sort(mut self, key: SortKey<E>) -> Self {
        self.keys.push(key);
        self
    }

    /// How many rows [`list`](Self::list) may answer, at most 1,000. More are an error and not cut off: for some of many
    /// there are pages.
    pub fn limit(mut self, rows: u64) -> Self {
        self.cap = rows.min(CEILING);
        self
    }

    /// How many rows [`page_number`](Self::page_number) may pass over; 10,000 unless it is said.
    pub fn max_offset(mut self, rows: u64) -> Self {
        self.furthest = rows;
        self
    }

    /// All of them.
    ///
    /// # Errors
    /// `repository/too_many_rows` if there are more than 1,000, or than [`limit`](Self::limit) says.
    pub async fn list(self) -> Result<Vec<E>, Error> {
        let found = self.select([0, self.cap + 1]).await?;
        if found.len() as u64 <= self.cap {
            return Ok(found);
        }
        let message = format!("there are more than {} rows; narrow the condition, or read pages", self.cap);
        Err(failure::invalid("repository/too_many_rows", message))
    }

    /// The first of them.
    ///
    /// # Errors
    /// `repository/row` if it cannot be read.
    pub async fn first(self) -> Result<Option<E>, Error> {
        let found = self.select([0, 1]).await?;
        Ok(found.into_iter().next())
    }

    /// The only one.
    ///
    /// # Errors
    /// `repository/not_found` if there is none, `repository/not_single` if there are more.
    pub async fn one(self) -> Result<E, Error> {
        let mut found = self.select([0, 2]).await?;
        match (found.pop(), found.pop()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(failure::none_found::<E>()),
            (Some(_), Some(_)) => {
                let message = "more than one row was found; narrow the condition, or ask for `first`";
                Err(failure::invalid("repository/not_single", message))
            }
        }
    }

    /// Whether there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn exists(self) -> Result<bool, Error> {
        Ok(self.repository.on.count(self.reach()?, 1).await? > 0)
    }

    /// How many there are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count(self, count: Count) -> Result<Total, Error> {
        self.total(count).await
    }

    /// The page with this number, from 1, and how many pages there are.
    ///
    /// # Errors
    /// `page/size` if a page has no rows or more than 1,000, or there is no page 0; `page/depth` if more rows come before it
    /// than [`max_offset`](Self::max_offset) says.
    pub async fn page_number(self, page: u64, per_page: u64) -> Result<OffsetPage<E>, Error> {
        let offset = self.offset(page, per_page)?;
        let total = self.repository.on.count(self.reach()?, u64::MAX).await?;
        let items = self.select([offset, per_page]).await?;
        Ok(OffsetPage::new(items, [page, per_page, total]))
    }

    /// The rows after or before a cursor, which is the place between two rows and not a number: rows that come and go meanwhile
    /// neither hide another one nor show it twice. One whose keys change meanwhile may be met never, once or twice.
    ///
    /// # Errors
    /// `page/size` if a page has no rows or more than 1,000; `page/cursor` if the cursor was changed, has expired, or comes from
    /// another find: other entity, condition, keys, tenant.
    pub async fn page(self, request: PageRequest) -> Result<Page<E>, Error> {
        sized(request.size)?;
        let reach = self.reach()?; // before anything else is made of the condition, for this judges it
        let walk = Walk::new(&self, &request)?;
        let total = self.total(request.count).await?;
        let mut items = self.repository.select(walk.plan(reach, request.size + 1)).await?;
        let more = items.len() as u64 > request.size;
        items.truncate(usize::try_from(request.size).unwrap_or(usize::MAX));
        walk.page(items, more, total)
    }

    async fn total(&self, count: Count) -> Result<Total, Error> {
        let (reach, rows) = (self.reach()?, self.repository.on);
        match count {
            Count::None => Ok(Total::None),
            Count::Exact => rows.count(reach, u64::MAX).await.map(Total::Exact),
            Count::Capped(cap) => {
                let seen = rows.count(reach, cap.saturating_add(1)).await?;
                Ok(if seen > cap { Total::AtLeast(seen) } else { Total::Exact(seen) })
            }
        }
    }

    async fn select(&self, [offset, limit]: [u64; 2]) -> Result<Vec<E>, Error> {
        let order = complete(&self.keys);
        self.repository.select(Select { reach: self.reach()?, order, seek: None, offset, limit, lock: None }).await
    }

    fn offset(&self, page: u64, per_page: u64) -> Result<u64, Error> {
        sized(per_page)?;
        let offset = page.checked_sub(1).and_then(|before| before.checked_mul(per_page));
        let offset = offset.ok_or_else(|| failure::invalid("page/size", "pages are numbered from 1"))?;
        if offset <= self.furthest {
            return Ok(offset);
        }
        let message = format!("more than {} rows come before the page; `page` reads on from a cursor", self.furthest);
        Err(failure::invalid("page/depth", message))
    }

    fn reach(&self) -> Result<Reach, Error> {
        self.repository.reach(vec![self.spec.node().clone()])
    }
}

impl<E: Entity> fmt::Debug for Find<'_, '_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find").field("spec", &self.spec).field("keys", &self.keys).finish_non_exhaustive()
    }
}

fn sized(rows: u64) -> Result<(), Error> {
    if (1..=CEILING).contains(&rows) {
        return Ok(());
    }
    Err(failure::invalid("page/size", format!("a page has 1 to {CEILING} rows")))
}
