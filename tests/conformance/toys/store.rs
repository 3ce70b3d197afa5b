//! A store in memory with one flaw.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
};

use bailiwick::{
    Error, Position, Store, TenantId,
    envelope::{StoredEvent, StreamId},
    id::MessageId,
    store::{
        CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, DeadSource, Fault, Lease, LeaseRequest,
        Load, Loaded, LogRow, MemoryStore, ModelKey, ModelRow, OutboxRow, Scan, Snapshot,
    },
};

use super::{flaws::Flaw, generations, reads, tenants, writes};

/// A store that keeps the contract but for its flaw.
#[derive(Debug)]
pub struct Toy {
    pub(super) flaw: Flaw,
    inner: Mutex<MemoryStore>,
    pub(super) aside: Mutex<Aside>,
}

/// What a flaw needs to remember.
#[derive(Debug, Default)]
pub struct Aside {
    pub(super) snapshots: HashMap<(Option<TenantId>, StreamId), Snapshot>,
    pub(super) leases: HashMap<String, Lease>,
    pub(super) removed: HashSet<(DeadSource, MessageId)>,
    pub(super) hidden: HashSet<Position>,
}

impl Toy {
    pub fn new(flaw: Flaw) -> Self {
        Self { flaw, inner: Mutex::default(), aside: Mutex::default() }
    }

    pub(super) fn inner(&self) -> MemoryStore {
        self.inner.lock().unwrap().clone()
    }

    fn tenant(&self, tenant: Option<TenantId>) -> Option<TenantId> {
        tenant.filter(|_| self.flaw != Flaw::IgnoresTenants)
    }

    fn model_of(&self, model: &'static str) -> &'static str {
        if self.flaw == Flaw::OneTableForAllModels { "conformance" } else { model }
    }
}

impl Store for Toy {
    async fn migrate(&self) -> Result<(), Error> {
        if self.flaw == Flaw::MigrationWipes {
            *self.inner.lock().unwrap() = MemoryStore::new();
        }
        self.inner().migrate().await
    }

    async fn commit(&self, mut commit: Commit) -> Result<Committed, Error> {
        commit.tenant = self.tenant(commit.tenant);
        tenants::spoil(self.flaw, &mut commit);
        commit.models.iter_mut().for_each(|write| write.model = self.model_of(write.model));
        writes::commit(self, commit).await
    }

    async fn load(&self, mut load: Load) -> Result<Loaded, Error> {
        load.tenant = self.tenant(load.tenant);
        load.stream = writes::stream(self.flaw, &load.stream);
        reads::load(self, load).await
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Error> {
        let after = match self.flaw {
            Flaw::ReadIncludesAfter => Position::new(after.get().saturating_sub(1)),
            _ => after,
        };
        let limit = if self.flaw == Flaw::ReadIgnoresLimit { usize::MAX } else { limit };
        let mut events = self.inner().read(after, limit).await?;
        events.retain(|event| self.flaw != Flaw::ReadsOneTenant || event.envelope.metadata.tenant.is_some());
        events.retain(|event| !self.aside.lock().unwrap().hidden.contains(&event.position));
        Ok(events)
    }

    async fn head(&self) -> Result<Position, Error> {
        if self.flaw == Flaw::HeadStandsStill { Ok(Position::START) } else { self.inner().head().await }
    }

    async fn log(&self, after: Position, limit: usize) -> Result<Vec<LogRow>, Error> {
        let mut rows = self.inner().log(after, limit).await?;
        for event in rows.iter_mut().filter_map(|row| row.event.as_mut().ok()) {
            match self.flaw {
                Flaw::LogWithoutTenants => event.tenant = None,
                Flaw::LogWithoutSums => event.checksum = 0,
                _ => {}
            }
        }
        Ok(rows)
    }

    async fn find(&self, messages: Vec<MessageId>) -> Result<Vec<LogRow>, Error> {
        let mut rows = self.inner().find(messages).await?;
        if self.flaw == Flaw::FindsOne {
            rows.truncate(1);
        }
        Ok(rows)
    }

    async fn faults(&self, limit: usize) -> Result<Vec<Fault>, Error> {
        if self.flaw == Flaw::SeesNoFaults { Ok(Vec::new()) } else { self.inner().faults(limit).await }
    }

    async fn model(&self, mut key: ModelKey) -> Result<Option<ModelRow>, Error> {
        (key.tenant, key.model) = (self.tenant(key.tenant), self.model_of(key.model));
        if self.flaw == Flaw::ShadowsHideOthers && key.generation.is_some() && key.model == "conformance2" {
            return Ok(None);
        }
        let row = self.inner().model(key).await?;
        let told = |revision| match self.flaw {
            Flaw::RevisionsBeginAnew => 1,
            Flaw::SameRevisionInShadows => revision & generations::COUNTED,
            _ => revision,
        };
        Ok(row.map(|row| ModelRow { revision: told(row.revision), ..row }))
    }

    async fn scan(&self, mut scan: Scan) -> Result<Vec<(String, ModelRow)>, Error> {
        (scan.tenant, scan.model) = (self.tenant(scan.tenant), self.model_of(scan.model));
        reads::scan(self, scan).await
    }

    async fn marked(&self, consumer: String, messages: Vec<MessageId>) -> Result<Vec<bool>, Error> {
        let consumer = if self.flaw == Flaw::OneInboxForAll { "all".into() } else { consumer };
        let marked = self.inner().marked(consumer, messages).await?;
        Ok(marked.into_iter().map(|marked| marked && self.flaw != Flaw::ForgetsMarks).collect())
    }

    async fn checkpoint(&self, name: String) -> Result<Option<Position>, Error> {
        self.inner().checkpoint(name).await
    }

    async fn outbox(&self, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Error> {
        let after = if self.flaw == Flaw::OutboxIgnoresAfter { 0 } else { after };
        let mut rows = self.inner().outbox(after, limit).await?;
        if self.flaw == Flaw::OutboxBackwards {
            rows.reverse();
        }
        Ok(rows)
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Option<Lease>, Error> {
        reads::lease(self, request).await
    }

    async fn holder(&self, resource: String) -> Result<Option<String>, Error> {
        let holder = self.inner().holder(resource.clone()).await?;
        let last = self.aside.lock().unwrap().leases.get(&resource).map(|lease| lease.holder.clone());
        Ok(if self.flaw == Flaw::HoldersForever { last } else { holder })
    }

    async fn release(&self, lease: Lease) -> Result<(), Error> {
        if self.flaw == Flaw::NeverReleases { Ok(()) } else { self.inner().release(lease).await }
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        let mut letters = self.inner().dead_letters(after, limit).await?;
        if self.flaw == Flaw::DeadBackwards {
            letters.reverse();
        }
        if self.flaw == Flaw::LettersWithoutTenants {
            letters.iter_mut().for_each(|letter| letter.message.envelope.metadata.tenant = None);
        }
        Ok(letters)
    }

    async fn command(&self, id: MessageId) -> Result<Option<CommandRecord>, Error> {
        self.inner().command(id).await
    }

    async fn commands(&self, query: CommandQuery) -> Result<Vec<CommandRecord>, Error> {
        if self.flaw != Flaw::AuditOldestFirst {
            return self.inner().commands(query).await;
        }
        let limit = query.limit;
        let mut records = self.inner().commands(CommandQuery { limit: usize::MAX, ..query }).await?;
        records.reverse();
        records.truncate(limit);
        Ok(records)
    }

    async fn counts(&self) -> Result<Counts, Error> {
        let counts = self.inner().counts().await?;
        Ok(if self.flaw == Flaw::CountsNothing { Counts::default() } else { counts })
    }

    async fn close(&self) -> Result<(), Error> {
        if self.flaw == Flaw::CloseIsNothing { Ok(()) } else { self.inner().close().await }
    }
}
