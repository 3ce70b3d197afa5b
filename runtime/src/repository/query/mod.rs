//! Reads of many rows: which, in which order, how many.

mod count;
mod cursor;
mod find;
mod packed;
mod page;
mod sort;
mod walk;

pub use count::{Count, OffsetPage, Total};
pub use cursor::{Cursor, CursorKeys};
pub use find::Find;
pub use page::{Page, PageRequest};
pub use sort::SortKey;
