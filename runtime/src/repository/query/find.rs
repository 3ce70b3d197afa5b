//! The rows for which a condition holds.

use std::fmt;

use super::{
    Count, FindOptions, OffsetPage, Page, PageRequest, SortKey, Total, options::sized, sort::complete, walk::Walk,
};
use crate::{
    entity::Entity,
    error::Error,
    plan::{Reach, Select},
    repository::{Having, Repository, failure},
    specification::Node,
};

/// A read of many rows: begun by [`Repository::find`], carried out by its last call.
///
/// Every read is ordered: the id decides between rows that are alike in all keys.
#[must_use = "nothing is read until `list`, `first`, `one`, `exists`, `count`, `page` or `page_number` is called"]
pub struct Find<'r, 'a, E> {
    pub(super) repository: &'r mut Repository<'a, E>,
    pub(super) options: FindOptions<E>,
}

impl<'r, 'a, E: Entity> Find<'r, 'a, E> {
    pub(in crate::repository) fn new(repository: &'r mut Repository<'a, E>, options: FindOptions<E>) -> Self {
        Self { repository, options }
    }

    /// What has been collected so far, to ask it again.
    #[must_use]
    pub const fn options(&self) -> &FindOptions<E> {
        &self.options
    }

    /// Sorts by this key, after those that were named before.
    pub fn sort(mut self, key: SortKey<E>) -> Self {
        self.options = self.options.sort(key);
        self
    }

    /// Only rows with such a related row.
    ///
    /// ```
    /// # use bailiwick::{Error, Id, TenantId, Uuid, entity::Entity, repository::{Db, Scope}, specification::Spec};
    /// # #[derive(Id)]
    /// # struct OrderId(Uuid);
    /// # #[derive(Id)]
    /// # struct LineId(Uuid);
    /// #[derive(Entity)]
    /// #[entity(has_many(lines: Line::order_id))]
    /// struct Order {
    ///     #[id]
    ///     id: OrderId,
    ///     #[tenant]
    ///     tenant: TenantId,
    /// }
    ///
    /// #[derive(Entity)]
    /// struct Line {
    ///     #[id]
    ///     id: LineId,
    ///     #[tenant]
    ///     tenant: TenantId,
    ///     #[col(filter, references(Order, as = order))]
    ///     order_id: OrderId,
    ///     #[col(filter, max = 20)]
    ///     sku: String,
    /// }
    ///
    /// # async fn run() -> Result<(), Error> {
    /// # let db = Db::memory();
    /// let shop = db.scoped(Scope::tenant("acme")?);
    /// let order = shop.repository::<Order>().insert(NewOrder { id: None }).await?;
    /// let line = NewLine { id: None, order_id: order.id, sku: "pen".into() };
    /// shop.repository::<Line>().insert(line).await?;
    /// let mut orders = shop.repository::<Order>();
    /// let found = orders.find(Spec::all()).having(Order::lines().any(Line::sku().eq("pen"))).list().await?;
    /// let lines = orders.load_many(&found, Order::lines()).await?;
    /// assert_eq!(lines.of(&order.id)[0].sku, "pen");
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
    /// ```
    pub fn having(mut self, related: Having<E>) -> Self {
        self.options = self.options.having(related);
        self
    }

    /// Only rows without such a related row.
    pub fn lacking(mut self, related: Having<E>) -> Self {
        self.options = self.options.lacking(related);
        self
    }

    /// How many rows [`list`](Self::list) may answer, at most 1,000. More are an error and not cut off: for some of many
    /// there are pages.
    pub fn limit(mut self, rows: u64) -> Self {
        self.options = self.options.limit(rows);
        self
    }

    /// How many rows [`page_number`](Self::page_number) may pass over; 10,000 unless it is said.
    pub fn max_offset(mut self, rows: u64) -> Self {
        self.options = self.options.max_offset(rows);
        self
    }

    /// All of them.
    ///
    /// # Errors
    /// `repository/too_many_rows` if there are more than 1,000, or than [`limit`](Self::limit) says.
    pub async fn list(self) -> Result<Vec<E>, Error> {
        let cap = self.options.cap;
        let found = self.select(Vec::new(), [0, cap + 1]).await?;
        if found.len() as u64 <= cap {
            return Ok(found);
        }
        let message = format!("there are more than {cap} rows; narrow the condition, or read pages");
        Err(failure::invalid("repository/too_many_rows", message))
    }

    /// The first of them.
    ///
    /// # Errors
    /// `repository/row` if it cannot be read.
    pub async fn first(self) -> Result<Option<E>, Error> {
        let found = self.select(Vec::new(), [0, 1]).await?;
        Ok(found.into_iter().next())
    }

    /// The only one.
    ///
    /// # Errors
    /// `repository/not_found` if there is none, `repository/not_single` if there are more.
    pub async fn one(self) -> Result<E, Error> {
        let mut found = self.select(Vec::new(), [0, 2]).await?;
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
        Ok(self.repository.on.count(self.reach(Vec::new())?, 1).await? > 0)
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
        let total = self.repository.on.count(self.reach(Vec::new())?, u64::MAX).await?;
        let items = self.select(Vec::new(), [offset, per_page]).await?;
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
        self.repository.keyed()?; // the id decides between rows of the same keys
        let reach = self.reach(Vec::new())?; // before anything else is made of the condition, for this judges it
        let walk = Walk::new(&self, &request)?;
        let total = self.total(request.count).await?;
        let mut items = self.repository.read(walk.plan(reach, request.size + 1)).await?;
        let more = items.len() as u64 > request.size;
        items.truncate(usize::try_from(request.size).unwrap_or(usize::MAX));
        walk.page(items, more, total)
    }

    async fn total(&self, count: Count) -> Result<Total, Error> {
        let (reach, rows) = (self.reach(Vec::new())?, &self.repository.on);
        let cap = match count {
            Count::None => return Ok(Total::None),
            Count::Exact => return rows.count(reach, u64::MAX).await.map(Total::Exact),
            Count::Capped(cap) => cap,
            Count::Estimate { threshold } => match rows.estimate(reach.clone()).await? {
                Some(about) if about > threshold => return Ok(Total::Estimated(about)),
                _ => threshold,
            },
        };
        let seen = rows.count(reach, cap.saturating_add(1)).await?;
        Ok(if seen > cap { Total::AtLeast(seen) } else { Total::Exact(seen) })
    }

    /// The rows for which these parts hold, too.
    pub(super) async fn select(&self, parts: Vec<Node>, [offset, limit]: [u64; 2]) -> Result<Vec<E>, Error> {
        let order = complete(&self.options.keys);
        self.repository.read(Select { order, offset, ..self.reach(parts)?.up_to(limit) }).await
    }

    fn offset(&self, page: u64, per_page: u64) -> Result<u64, Error> {
        sized(per_page)?;
        let offset = page.checked_sub(1).and_then(|before| before.checked_mul(per_page));
        let offset = offset.ok_or_else(|| failure::invalid("page/size", "pages are numbered from 1"))?;
        let furthest = self.options.furthest;
        if offset <= furthest {
            return Ok(offset);
        }
        let message = format!("more than {furthest} rows come before the page; `page` reads on from a cursor");
        Err(failure::invalid("page/depth", message))
    }

    pub(super) fn reach(&self, mut parts: Vec<Node>) -> Result<Reach, Error> {
        parts.push(self.options.spec.node().clone());
        let reach = self.repository.reach(parts)?;
        let scope = &self.repository.scope;
        let related = self.options.having.iter().map(|(having, lacking)| having.related(scope, *lacking));
        Ok(Reach { related: related.collect::<Result<_, Error>>()?, ..reach })
    }
}

impl<E: Entity> fmt::Debug for Find<'_, '_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Find").field(&self.options).finish()
    }
}
