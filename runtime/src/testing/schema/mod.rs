//! What keeps stored events readable: the lock of their names and shapes, and the corpus of old payloads.

mod compare;
mod corpus;
mod file;
mod known;
mod lock;
mod sample;
#[cfg(test)]
mod tests;

pub use corpus::{Corpus, CorpusError};
pub use lock::{EventsLock, LockError};
