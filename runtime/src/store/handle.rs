//! The erased handle: what everything above the port holds.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::{
    CommandRecord, Commit, Committed, Counts, DeadLetter, Lease, LeaseRequest, Load, Loaded, LogRow, ModelKey,
    ModelRow, OutboxRow, Scan, Store,
};
use crate::{envelope::StoredEvent, error::Error, id::MessageId, version::Position};

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

macro_rules! erase {
    ($($(#[$doc:meta])* fn $method:ident($($name:ident: $type:ty),*) -> $answer:ty;)*) => {
        trait DynStore: Send + Sync {
            $(fn $method(&self, $($name: $type),*) -> Answer<'_, $answer>;)*
        }

        impl<S: Store> DynStore for S {
            $(fn $method(&self, $($name: $type),*) -> Answer<'_, $answer> {
                Box::pin(Store::$method(self, $($name),*))
            })*
        }

        impl AnyStore {
            $($(#[$doc])*
            ///
            /// # Errors
            /// As the contract of [`Store`] says.
            pub async fn $method(&self, $($name: $type),*) -> Result<$answer, Error> {
                self.0.$method($($name),*).await
            })*
        }
    };
}

erase! {
    /// Brings the schema up to this program's.
    fn migrate() -> ();
    /// Applies a commit as a whole or not at all.
    fn commit(commit: Commit) -> Committed;
    /// Reads a stream.
    fn load(load: Load) -> Loaded;
    /// Reads the global order.
    fn read(after: Position, limit: usize) -> Vec<StoredEvent>;
    /// The position of the newest event.
    fn head() -> Position;
    /// Reads the rows of the global order.
    fn log(after: Position, limit: usize) -> Vec<LogRow>;
    /// Reads one row of a read model.
    fn model(key: ModelKey) -> Option<ModelRow>;
    /// Reads rows of a read model.
    fn scan(scan: Scan) -> Vec<(String, ModelRow)>;
    /// Says which messages a consumer has marked.
    fn marked(consumer: String, messages: Vec<MessageId>) -> Vec<bool>;
    /// Where a checkpoint stands.
    fn checkpoint(name: String) -> Option<Position>;
    /// Reads outbox rows.
    fn outbox(after: u64, limit: usize) -> Vec<OutboxRow>;
    /// Takes or renews a lease.
    fn lease(request: LeaseRequest) -> Option<Lease>;
    /// Gives a lease back.
    fn release(lease: Lease) -> ();
    /// Reads dead letters.
    fn dead_letters(after: u64, limit: usize) -> Vec<DeadLetter>;
    /// Reads the audit row of one run of a command.
    fn command(id: MessageId) -> Option<CommandRecord>;
    /// Reads audit rows.
    fn commands(limit: usize) -> Vec<CommandRecord>;
    /// Counts what lies in the store.
    fn counts() -> Counts;
    /// Finishes and lets go.
    fn close() -> ();
}

/// Any [`Store`], behind one type; clones share it.
#[derive(Clone)]
pub struct AnyStore(Arc<dyn DynStore>);

impl AnyStore {
    /// Erases a store.
    #[must_use]
    pub fn new(store: impl Store) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyStore")
    }
}
