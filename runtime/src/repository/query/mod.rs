//! Reads of many rows: which, in which order, how many.

mod count;
mod cursor;
mod find;
mod options;
mod page;
mod sort;
mod stream;
mod sums;
mod walk;

pub use count::{Count, OffsetPage, Total};
pub use cursor::{Cursor, CursorKeys};
pub use find::Find;
pub use options::FindOptions;
pub use page::{Page, PageRequest};
pub use sort::SortKey;
pub(super) use sort::complete;
pub use stream::StreamMode;
