//! What a find collects before it reads.

use std::fmt;

use super::SortKey;
use crate::{
    entity::Entity,
    error::Error,
    repository::{Having, failure},
    specification::{Asked, Spec, SpecPolicy},
};

/// More rows than these are an answer that nobody reads at once.
pub(super) const CEILING: u64 = 1_000;
/// The furthest offset of a page, unless it is raised.
const FURTHEST: u64 = 10_000;

/// Which rows, in which order, how many: what [`find`](crate::repository::Repository::find) collects, kept, so that
/// [`find_with`](crate::repository::Repository::find_with) asks the same for the next page.
///
/// ```
/// # use bailiwick::{Error, entity::Entity, repository::{Db, FindOptions}, specification::{Spec, SpecPolicy}};
/// # #[derive(Entity)]
/// # struct Order {
/// #     #[id]
/// #     id: i64,
/// #     #[col(filter, sort)]
/// #     total: i64,
/// # }
/// # async fn run() -> Result<(), Error> {
/// # let db = Db::memory();
/// # let mut orders = db.repository::<Order>();
/// # for id in 1..=3 { orders.insert(NewOrder { id, total: id * 10 }).await?; }
/// let asked = r#"{"v":1,"where":{"field":"total","op":"gt","value":10},"sort":["-total"],"limit":50}"#;
/// let options = FindOptions::<Order>::from_json(asked, &SpecPolicy::default())?;
/// let found = orders.find_with(options).list().await?;
/// assert_eq!(found.iter().map(|order| order.id).collect::<Vec<_>>(), [3, 2]);
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
/// ```
pub struct FindOptions<E> {
    pub(super) spec: Spec<E>,
    pub(super) keys: Vec<SortKey<E>>,
    /// And whether there is to be none.
    pub(super) having: Vec<(Having<E>, bool)>,
    pub(super) cap: u64,
    pub(super) furthest: u64,
}

impl<E: Entity> FindOptions<E> {
    /// The rows for which a condition holds.
    #[must_use]
    pub const fn new(spec: Spec<E>) -> Self {
        Self { spec, keys: Vec::new(), having: Vec::new(), cap: CEILING, furthest: FURTHEST }
    }

    /// Reads from JSON that comes from outside, for instance
    /// `{"v":1,"where":{"field":"status","op":"eq","value":"paid"},"sort":["-created_at","total"],"limit":50}`.
    ///
    /// `where` is read as [`Spec::from_json`] does; without it every row is asked for. A name in `sort` is one of a column that is
    /// declared as `sort` and that the policy lets be named; with `-` before it the order descends. There are at most four.
    ///
    /// # Errors
    /// Those of [`Spec::from_json`]; `filter/field` for a name that cannot be sorted by, `filter/budget` for more than four;
    /// `page/size` for a limit that is not 1 to 1,000.
    pub fn from_json(text: &str, policy: &SpecPolicy<E>) -> Result<Self, Error> {
        let Asked { node, sort, limit } = policy.read(text)?;
        let keys = sort.into_iter().map(|(place, descending)| SortKey::at(place, descending)).collect();
        let limit = limit.unwrap_or(CEILING);
        sized(limit)?;
        Ok(Self { keys, ..Self::new(node.map_or_else(Spec::all, Spec::of)) }.limit(limit))
    }

    /// Sorts by this key, after those that were named before.
    #[must_use]
    pub fn sort(mut self, key: SortKey<E>) -> Self {
        self.keys.push(key);
        self
    }

    /// Only rows with such a related row.
    #[must_use]
    pub fn having(mut self, related: Having<E>) -> Self {
        self.having.push((related, false));
        self
    }

    /// Only rows without such a related row.
    #[must_use]
    pub fn lacking(mut self, related: Having<E>) -> Self {
        self.having.push((related, true));
        self
    }

    /// How many rows a list may have, at most 1,000.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.cap = rows.min(CEILING);
        self
    }

    /// How many rows a page by number may pass over; 10,000 unless it is said.
    #[must_use]
    pub fn max_offset(mut self, rows: u64) -> Self {
        self.furthest = rows;
        self
    }
}

impl<E> Clone for FindOptions<E> {
    fn clone(&self) -> Self {
        let (spec, keys, having) = (self.spec.clone(), self.keys.clone(), self.having.clone());
        Self { spec, keys, having, ..*self }
    }
}

impl<E: Entity> fmt::Debug for FindOptions<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FindOptions")
            .field("spec", &self.spec)
            .field("keys", &self.keys)
            .field("having", &self.having)
            .finish_non_exhaustive()
    }
}

pub(super) fn sized(rows: u64) -> Result<(), Error> {
    if (1..=CEILING).contains(&rows) {
        return Ok(());
    }
    Err(failure::invalid("page/size", format!("a page has 1 to {CEILING} rows")))
}
