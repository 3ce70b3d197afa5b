//! Pages between cursors.

use super::{Count, Cursor, Total};

/// Some of many rows, and where to go on in both directions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<E> {
    /// The rows.
    pub items: Vec<E>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
    /// Where the page before it ends; `None` on the first.
    pub prev: Option<Cursor>,
    /// How many rows there are on all pages, if it was asked.
    pub total: Total,
}

/// Which page is wanted: made by [`Page::first`], [`Page::after`] and [`Page::before`].
#[derive(Debug, Clone)]
#[must_use = "give it to `Find::page`"]
pub struct PageRequest {
    pub(super) cursor: Option<Cursor>,
    pub(super) backwards: bool,
    pub(super) size: u64,
    pub(super) count: Count,
}

impl Page<()> {
    /// The first rows, so many of them: 1 to 1,000.
    pub const fn first(size: u64) -> PageRequest {
        PageRequest { cursor: None, backwards: false, size, count: Count::None }
    }

    /// The rows after a cursor; without one the first. The find must be the same as the one that gave the cursor.
    pub const fn after(cursor: Option<Cursor>, size: u64) -> PageRequest {
        PageRequest { cursor, backwards: false, size, count: Count::None }
    }

    /// The rows before a cursor; without one the last.
    pub const fn before(cursor: Option<Cursor>, size: u64) -> PageRequest {
        PageRequest { cursor, backwards: true, size, count: Count::None }
    }
}

impl PageRequest {
    /// How exactly the rows of all pages are counted; not at all, unless it is said.
    pub const fn count(mut self, count: Count) -> Self {
        self.count = count;
        self
    }
}

impl Default for PageRequest {
    /// The first 20 rows.
    fn default() -> Self {
        Page::first(20)
    }
}
