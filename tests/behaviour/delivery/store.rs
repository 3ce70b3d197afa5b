//! A store in memory whose commits fail when told to.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use bailiwick::{
    Clock, Error, ErrorKind, Position, Store,
    envelope::StoredEvent,
    id::MessageId,
    store::{
        AnyStore, CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, Entities, Lease, LeaseRequest,
        Load, Loaded, LogRow, MemoryStore, ModelKey, ModelRow, News, OutboxRow, Scan, Signals,
    },
};

type Turn = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What becomes of a commit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is refused, and nothing is written.
    Refused(ErrorKind, &'static str),
    /// It is written, and the answer is lost.
    AnswerLost,
    /// Nothing: it is written.
    Passes,
    /// It is neither written nor answered.
    Hangs,
}

/// Fails the next commits that are not plain sends, in the order of the faults.
#[derive(Clone)]
pub struct FaultyStore {
    inner: MemoryStore,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    commits: Arc<Mutex<usize>>,
    leases: Arc<Mutex<usize>>,
    reads: Arc<Mutex<usize>>,
    looks: Arc<Mutex<usize>>,
    late: Arc<Mutex<Option<Duration>>>,
    before_load: Arc<Mutex<Option<Turn>>>,
    loads: Arc<Mutex<VecDeque<Error>>>,
    signals: Option<Signals>,
}

impl FaultyStore {
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    pub fn with_clock(clock: Clock) -> Self {
        Self {
            inner: MemoryStore::with_clock(clock),
            faults: Arc::default(),
            commits: Arc::default(),
            leases: Arc::default(),
            reads: Arc::default(),
            looks: Arc::default(),
            late: Arc::default(),
            before_load: Arc::default(),
            loads: Arc::default(),
            signals: None,
        }
    }

    pub fn any(&self) -> AnyStore {
        AnyStore::new(self.clone())
    }

    /// A handle as another process has it: it hears nothing but what the test rings, and its own commits.
    pub fn elsewhere(&self) -> (AnyStore, Signals) {
        let signals = Signals::new();
        signals.set_hearing(true);
        (AnyStore::new(Self { signals: Some(signals.clone()), ..self.clone() }), signals)
    }

    pub fn fail(&self, fault: Fault) {
        self.faults.lock().unwrap().push_back(fault);
    }

    /// Lets the next request for a lease be so long on its way.
    pub fn delay_lease(&self, by: Duration) {
        *self.late.lock().unwrap() = Some(by);
    }

    /// What happens before the next stream is loaded.
    pub fn before_load(&self, happens: impl Future<Output = ()> + Send + 'static) {
        *self.before_load.lock().unwrap() = Some(Box::pin(happens));
    }

    /// Answers the next reads of a stream so.
    pub fn refuse_loads(&self, errors: impl IntoIterator<Item = Error>) {
        self.loads.lock().unwrap().extend(errors);
    }

    /// Takes back the next fault; whether there was one.
    pub fn forget_fault(&self) -> bool {
        self.faults.lock().unwrap().pop_front().is_some()
    }

    /// How often a lease was asked for.
    pub fn leases(&self) -> usize {
        *self.leases.lock().unwrap()
    }

    /// How often events were read.
    pub fn reads(&self) -> usize {
        *self.reads.lock().unwrap()
    }

    /// How often the outbox or the dead letters were read.
    pub fn looks(&self) -> usize {
        *self.looks.lock().unwrap()
    }

    /// How many commits it has taken or refused.
    pub fn commits(&self) -> usize {
        *self.commits.lock().unwrap()
    }

    fn next_fault(&self, commit: &Commit) -> Option<Fault> {
        let plain = commit.published.is_empty() && commit.inbox.is_empty() && commit.fences.is_empty();
        if plain { None } else { self.faults.lock().unwrap().pop_front() }
    }
}

impl Store for FaultyStore {
    async fn migrate(&self) -> Result<(), Error> {
        self.inner.migrate().await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        *self.commits.lock().unwrap() += 1;
        let news = News::of(&commit);
        let done = match self.next_fault(&commit) {
            None | Some(Fault::Passes) => self.inner.commit(commit).await,
            Some(Fault::Refused(kind, code)) => Err(Error::new(kind, code, "the test says so")),
            Some(Fault::AnswerLost) => {
                self.inner.commit(commit).await?;
                Err(Error::new(ErrorKind::UnknownOutcome, "store/unknown", "the test says so"))
            }
            Some(Fault::Hangs) => std::future::pending().await,
        };
        if let (Some(signals), Ok(_)) = (&self.signals, &done) {
            signals.tell(news);
        }
        done
    }

    fn signals(&self) -> Option<Signals> {
        self.signals.clone()
    }

    async fn load(&self, load: Load) -> Result<Loaded, Error> {
        let happens = self.before_load.lock().unwrap().take();
        if let Some(happens) = happens {
            happens.await;
        }
        let refused = self.loads.lock().unwrap().pop_front();
        match refused {
            Some(error) => Err(error),
            None => self.inner.load(load).await,
        }
    }

    fn entities(&self) -> Option<Entities> {
        self.inner.entities()
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Error> {
        *self.reads.lock().unwrap() += 1;
        self.inner.read(after, limit).await
    }

    async fn head(&self) -> Result<Position, Error> {
        self.inner.head().await
    }

    async fn log(&self, after: Position, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.inner.log(after, limit).await
    }

    async fn find(&self, messages: Vec<MessageId>) -> Result<Vec<LogRow>, Error> {
        self.inner.find(messages).await
    }

    async fn faults(&self, limit: usize) -> Result<Vec<bailiwick::store::Fault>, Error> {
        self.inner.faults(limit).await
    }

    async fn model(&self, key: ModelKey) -> Result<Option<ModelRow>, Error> {
        self.inner.model(key).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(String, ModelRow)>, Error> {
        self.inner.scan(scan).await
    }

    async fn marked(&self, consumer: String, messages: Vec<MessageId>) -> Result<Vec<bool>, Error> {
        self.inner.marked(consumer, messages).await
    }

    async fn checkpoint(&self, name: String) -> Result<Option<Position>, Error> {
        self.inner.checkpoint(name).await
    }

    async fn outbox(&self, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Error> {
        *self.looks.lock().unwrap() += 1;
        self.inner.outbox(after, limit).await
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Option<Lease>, Error> {
        *self.leases.lock().unwrap() += 1;
        let late = self.late.lock().unwrap().take();
        if let Some(late) = late {
            tokio::time::sleep(late).await;
        }
        self.inner.lease(request).await
    }

    async fn holder(&self, resource: String) -> Result<Option<String>, Error> {
        self.inner.holder(resource).await
    }

    async fn release(&self, lease: Lease) -> Result<(), Error> {
        self.inner.release(lease).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        *self.looks.lock().unwrap() += 1;
        self.inner.dead_letters(after, limit).await
    }

    async fn command(&self, id: MessageId) -> Result<Option<CommandRecord>, Error> {
        self.inner.command(id).await
    }

    async fn commands(&self, query: CommandQuery) -> Result<Vec<CommandRecord>, Error> {
        self.inner.commands(query).await
    }

    async fn counts(&self) -> Result<Counts, Error> {
        self.inner.counts().await
    }

    async fn close(&self) -> Result<(), Error> {
        self.inner.close().await
    }
}
