//! How many there are, and pages by number.

/// How exactly rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Count {
    /// Not at all.
    #[default]
    None,
    /// To the last row.
    Exact,
    /// To so many rows and no further.
    Capped(u64),
    /// As the database believes, where it believes in more than so many; otherwise, and where it has no opinion, to so many
    /// rows and no further. PostgreSQL and MySQL have one.
    Estimate {
        /// From how many rows on a belief will do.
        threshold: u64,
    },
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Nobody has counted.
    None,
    /// So many.
    Exact(u64),
    /// At least so many.
    AtLeast(u64),
    /// About so many.
    Estimated(u64),
}

/// A page by its number, and how many pages there are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OffsetPage<E> {
    /// The rows.
    pub items: Vec<E>,
    /// The number of the page, from 1.
    pub page: u64,
    /// How many rows a page has at most.
    pub per_page: u64,
    /// How many rows there are on all pages.
    pub total: u64,
    /// How many pages there are.
    pub pages: u64,
    /// Whether there is one after it.
    pub has_next: bool,
    /// Whether there is one before it.
    pub has_prev: bool,
}

impl<E> OffsetPage<E> {
    pub(super) fn new(items: Vec<E>, [page, per_page, total]: [u64; 3]) -> Self {
        let pages = total.div_ceil(per_page);
        Self { items, page, per_page, total, pages, has_next: page < pages, has_prev: page > 1 && pages > 0 }
    }

    /// The number of the page after it.
    #[must_use]
    pub fn next_page(&self) -> Option<u64> {
        self.has_next.then(|| self.page + 1)
    }

    /// The number of the page before it: the last page there is, behind the end.
    #[must_use]
    pub fn prev_page(&self) -> Option<u64> {
        self.has_prev.then(|| (self.page - 1).min(self.pages))
    }

    /// The number of its first row among all, from 1; `None` without rows.
    #[must_use]
    pub fn start_index(&self) -> Option<u64> {
        (!self.items.is_empty()).then(|| (self.page - 1) * self.per_page + 1)
    }

    /// The number of its last row among all, from 1; `None` without rows.
    #[must_use]
    pub fn end_index(&self) -> Option<u64> {
        self.start_index().map(|start| start + self.items.len() as u64 - 1)
    }
}
