//! The erased handle: what everything above the port holds.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::watch;

use super::{
    CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, Entities, Fault, GenerationChange, Lease,
    LeaseRequest, Load, Loaded, LogRow, ModelKey, ModelRow, News, OutboxRow, Scan, Signals, Store, entities::Held,
};
use crate::{
    envelope::{Envelope, StoredEvent},
    error::Error,
    id::MessageId,
    sensitive::{Ring, Vault},
    version::Position,
};

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

macro_rules! erase {
    ($($(#[$doc:meta])* fn $method:ident($($name:ident: $type:ty),*) -> $answer:ty;)*) => {
        trait DynStore: Send + Sync {
            fn commit(&self, commit: Commit) -> Answer<'_, Committed>;
            fn entities(&self) -> Option<Entities>;
            $(fn $method(&self, $($name: $type),*) -> Answer<'_, $answer>;)*
        }

        impl<S: Store> DynStore for S {
            fn commit(&self, commit: Commit) -> Answer<'_, Committed> {
                Box::pin(Store::commit(self, commit))
            }
            fn entities(&self) -> Option<Entities> {
                Store::entities(self)
            }
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
                self.shared.store.$method($($name),*).await
            })*
        }
    };
}

erase! {
    /// Brings the schema up to this program's.
    fn migrate() -> ();
    /// Reads a stream.
    fn load(load: Load) -> Loaded;
    /// Reads the global order.
    fn read(after: Position, limit: usize) -> Vec<StoredEvent>;
    /// The position of the newest event.
    fn head() -> Position;
    /// Reads the rows of the global order.
    fn log(after: Position, limit: usize) -> Vec<LogRow>;
    /// Reads the rows of messages.
    fn find(messages: Vec<MessageId>) -> Vec<LogRow>;
    /// Looks for rows that contradict each other.
    fn faults(limit: usize) -> Vec<Fault>;
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
    /// Who holds a lease.
    fn holder(resource: String) -> Option<String>;
    /// Gives a lease back.
    fn release(lease: Lease) -> ();
    /// Reads dead letters.
    fn dead_letters(after: u64, limit: usize) -> Vec<DeadLetter>;
    /// Reads the audit row of one run of a command.
    fn command(id: MessageId) -> Option<CommandRecord>;
    /// Reads audit rows.
    fn commands(query: CommandQuery) -> Vec<CommandRecord>;
    /// Counts what lies in the store.
    fn counts() -> Counts;
    /// Finishes and lets go.
    fn close() -> ();
}

/// Any [`Store`], behind one type; clones share it.
#[derive(Clone)]
pub struct AnyStore {
    shared: Arc<Shared<dyn DynStore>>,
    vault: Option<Vault>,
}

struct Shared<S: ?Sized> {
    signals: Signals,
    /// Whether the store rings by itself.
    rings: bool,
    /// Read models that are known to be entered, and whose they are: that never changes.
    entered: RwLock<HashMap<&'static str, String>>,
    store: S,
}

impl AnyStore {
    /// Erases a store.
    #[must_use]
    pub fn new(store: impl Store) -> Self {
        let own = store.signals();
        let (rings, signals) = (own.is_some(), own.unwrap_or_default());
        let shared = Arc::new(Shared { signals, rings, entered: RwLock::default(), store });
        Self { shared, vault: None }
    }

    /// The same store; what is read through this handle is opened with these keys, and what is written is sealed.
    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self { vault: Some(vault), ..self }
    }

    /// What opens and seals, if keys were given.
    #[must_use]
    pub fn vault(&self) -> Option<&Vault> {
        self.vault.as_ref()
    }

    /// The keys for some events, as they are now.
    pub(crate) async fn ring<'a>(&self, events: impl Iterator<Item = &'a Envelope>) -> Result<Ring, Error> {
        match &self.vault {
            Some(vault) => vault.ring(events).await,
            None => Ok(Ring::default()),
        }
    }

    /// Applies a commit as a whole or not at all. Who waits in this process for what it brings is woken.
    ///
    /// # Errors
    /// As the contract of [`Store`] says.
    pub async fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        self.told(commit, |commit| self.shared.store.commit(commit)).await
    }

    /// Commits a transaction with what was staged beside it.
    pub(crate) async fn commit_held(&self, held: Box<dyn Held>, commit: Commit) -> Result<Committed, Error> {
        self.told(commit, |commit| held.commit(commit)).await
    }

    async fn told<'a>(
        &self,
        commit: Commit,
        apply: impl FnOnce(Commit) -> Answer<'a, Committed>,
    ) -> Result<Committed, Error> {
        let news = if self.shared.rings { News::NONE } else { News::of(&commit) };
        let mut entered = Vec::new();
        for change in &commit.generations {
            if let GenerationChange::Own { model, owner } = change {
                entered.push((*model, owner.clone()));
            }
        }
        let done = apply(commit).await?;
        if !entered.is_empty() {
            self.shared.entered.write().unwrap_or_else(PoisonError::into_inner).extend(entered);
        }
        self.shared.signals.tell(news);
        Ok(done)
    }

    /// Where the store keeps entities, if it does.
    #[must_use]
    pub fn entities(&self) -> Option<Entities> {
        self.shared.store.entities()
    }

    /// Those of these read models of which this handle does not know yet that they are entered as the owner's.
    pub(crate) fn not_entered(&self, owner: &str, models: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
        let entered = self.shared.entered.read().unwrap_or_else(PoisonError::into_inner);
        models.filter(|model| entered.get(model).is_none_or(|known| known != owner)).collect()
    }

    /// Changes with each commit of this process that brings such news, and with those of other processes of which the store
    /// hears. Some may not show: who waits looks again after a while.
    pub(crate) fn listen(&self, kind: News) -> watch::Receiver<()> {
        self.shared.signals.listen(kind)
    }

    /// Whether the store hears of what other processes commit, so that who waits need not look often.
    pub(crate) fn hears(&self) -> bool {
        self.shared.signals.is_hearing()
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyStore")
    }
}
