//! Rows that hang together: conditions on related rows, and reads of many at once.

mod having;
mod load;

pub use having::Having;
pub use load::Loaded;
