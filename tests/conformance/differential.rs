//! Two stores that keep one contract answer alike: random commits to memory and to a database, compared step by step.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bailiwick::{
    Envelope, Error, ErrorKind, EventKind, Expected, Position, TenantId, Timestamp, Uuid, Version,
    envelope::{Metadata, StoredEvent, StreamId},
    id::MessageId,
    sql::{MysqlStore, PostgresStore, SqliteStore, Synchronous},
    store::{
        AnyStore, Append, CheckpointMove, CommandOutcome, CommandQuery, CommandRecord, Commit, Committed, DeadLetter,
        DeadLetterChange, DeadSource, DeadState, Generation, GenerationChange, InboxMark, Lease, LeaseRequest, Load,
        MemoryStore, ModelChange, ModelRow, ModelSeen, ModelWrite, OutboxMessage, Scan, Snapshot, Swap, SwapGuard,
        UndoRecord, Until,
    },
};
use tests::servers;

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// Up to `most` of them, seldom any.
    fn some<T>(&mut self, most: u64, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        let count = if self.below(3) == 0 { self.below(most + 1) } else { 0 };
        (0..count).map(|_| make(self)).collect()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    /// An id that is new, or now and then one of a few.
    fn id(&mut self) -> MessageId {
        let number = if self.below(5) == 0 { self.below(9) } else { 1_000 + self.below(u64::MAX - 1_000) };
        MessageId::from_uuid(Uuid::from_u128(u128::from(number)))
    }

    fn envelope(&mut self) -> Envelope {
        Envelope {
            id: self.id(),
            name: "dice.rolled".into(),
            version: 1,
            kind: EventKind::Domain,
            time: Timestamp::from_micros(7),
            key: self.pick(&[None, Some("k".to_owned())]),
            metadata: Metadata::default(),
            payload: self.below(100).to_string().into_bytes().into(),
        }
    }

    fn append(&mut self) -> Append {
        let version = Version::new(self.below(9));
        let expected = self.pick(&[Expected::Any, Expected::Any, Expected::NoStream, Expected::Version(version)]);
        let count = self.below(3);
        let events = (0..count).map(|_| self.envelope()).collect();
        Append { stream: self.stream(), expected, events }
    }

    fn stream(&mut self) -> StreamId {
        StreamId::new("dice", self.pick(&["a", "b"])).unwrap()
    }

    fn write(&mut self) -> ModelWrite {
        let fails = |_: Option<&[u8]>| Err(Error::new(ErrorKind::Invalid, "dice/no", "no"));
        let grows = |row: Option<&[u8]>| Ok(Some([row.unwrap_or(b"9"), b"1"].concat()));
        let change = match self.below(12) {
            0 => ModelChange::Update(Arc::new(fails)),
            1..=3 => ModelChange::Delete,
            4..=6 => ModelChange::Put(self.below(9).to_string().into_bytes()),
            7 => ModelChange::Update(Arc::new(|_| Ok(None))),
            _ => ModelChange::Update(Arc::new(grows)),
        };
        ModelWrite { model: self.pick(&["m", "n"]), key: self.pick(&["a", "b", ""]).into(), change }
    }

    /// A row as it is, as if it were not there, or as it never was.
    fn seen(&mut self, rows: &[Vec<(String, ModelRow)>; 2], tenant: usize) -> ModelSeen {
        let key = self.pick(&["a", "b"]);
        let actual = rows[tenant].iter().find(|(found, _)| found == key).map(|(_, row)| row.revision);
        ModelSeen { model: "m", key: key.into(), revision: self.pick(&[actual, actual, None, Some(999_999)]) }
    }

    fn snapshot(&mut self) -> Snapshot {
        let (version, schema) = (Version::new(self.below(6)), self.pick(&[1, 2]));
        Snapshot { stream: self.stream(), version, schema, state: self.below(9).to_string().into_bytes() }
    }

    fn command(&mut self) -> CommandRecord {
        CommandRecord {
            id: self.id(),
            name: "dice.roll".into(),
            metadata: Metadata::default(),
            input: "{}".into(),
            outcome: CommandOutcome::Ok,
            error: None,
            started_at: Timestamp::from_micros(7),
            duration: Duration::from_micros(5),
            undo: None,
            undo_of: None,
            undone_by: None,
        }
    }

    fn undo(&mut self) -> UndoRecord {
        UndoRecord { run: MessageId::from_uuid(Uuid::from_u128(u128::from(self.below(9)))), by: self.id() }
    }

    fn checkpoint(&mut self) -> CheckpointMove {
        let from = self.pick(&[None, Some(0), Some(1), Some(2)]).map(Position::new);
        CheckpointMove { name: self.pick(&["p", "q"]).into(), from, to: Position::new(self.below(3)) }
    }

    /// Owners of models, swaps to where a checkpoint may be, and sweeps.
    fn generation(&mut self) -> GenerationChange {
        let owner: String = self.pick(&["o", "o", "o", "p"]).into();
        match self.below(4) {
            0 => GenerationChange::Swap(Swap {
                owner,
                generation: self.below(3),
                position: Position::new(self.below(3)),
                guard: SwapGuard::Checkpoint(self.pick(&["p", "q"]).into()),
            }),
            1 => GenerationChange::Sweep { owner, limit: 1_000 },
            _ => GenerationChange::Own { model: self.pick(&["m", "n"]), owner },
        }
    }

    fn message(&mut self) -> OutboxMessage {
        OutboxMessage { topic: "dice".into(), envelope: self.envelope() }
    }

    /// One of a store's own numbers, which may have holes, or one that no store gives.
    fn number(&mut self, numbers: &[u64]) -> u64 {
        numbers.get(self.below(8) as usize).copied().unwrap_or(999_999)
    }

    fn dead(&mut self, numbers: &[u64]) -> DeadLetterChange {
        let state = self.pick(&[DeadState::Failed, DeadState::Behind, DeadState::Requeued]);
        match self.below(4) {
            0 => DeadLetterChange::Mark(self.number(numbers), state),
            1 => DeadLetterChange::Remove(self.number(numbers)),
            _ => DeadLetterChange::Park(Box::new(DeadLetter {
                no: 0,
                source: self.pick(&[
                    DeadSource::Outbox,
                    DeadSource::Inbox("r".into()),
                    DeadSource::Projection("r".into()),
                ]),
                state,
                message: OutboxMessage {
                    topic: "dice".into(),
                    envelope: Envelope {
                        id: MessageId::from_uuid(Uuid::from_u128(u128::from(self.below(4)))),
                        payload: b"1".as_slice().into(),
                        key: None,
                        ..self.envelope()
                    },
                },
                attempts: self.below(9) as u32,
                code: "dice/no".into(),
                error: "no".into(),
                parked_at: Timestamp::from_micros(7),
            })),
        }
    }
}

/// A commit for a store; with the same seed it is the same for each store, but for the store's own numbers.
async fn roll(seed: u64, held: &[Lease], store: &AnyStore) -> Commit {
    let letters: Vec<u64> = store.dead_letters(0, 8).await.unwrap().iter().map(|letter| letter.no).collect();
    let rows: Vec<u64> = store.outbox(0, 8).await.unwrap().iter().map(|row| row.seq).collect();
    let tenants = [None, Some(TenantId::new("acme").unwrap())];
    let scan = |tenant: &Option<TenantId>| Scan { tenant: tenant.clone(), model: "m", after: None, limit: 9 };
    let models = [store.scan(scan(&tenants[0])).await.unwrap(), store.scan(scan(&tenants[1])).await.unwrap()];
    let dice = &mut Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (at, tenant) = (Timestamp::from_micros(7), dice.below(2) as usize);
    Commit {
        tenant: tenants[tenant].clone(),
        generation: dice
            .pick(&[None, None, None, Some(1), Some(2)])
            .map(|number| Generation { owner: "o".into(), number }),
        fences: if held.is_empty() { Vec::new() } else { dice.some(1, |dice| dice.pick(held).fence()) },
        inbox: dice.some(2, |dice| InboxMark { consumer: "r".into(), message: dice.id(), at }),
        appends: dice.some(3, Dice::append),
        seen: dice.some(1, |dice| dice.seen(&models, tenant)),
        models: dice.some(4, Dice::write),
        snapshots: dice.some(2, Dice::snapshot),
        commands: dice.some(1, Dice::command),
        undone: if dice.below(8) == 0 { vec![dice.undo()] } else { Vec::new() },
        checkpoints: dice.some(1, Dice::checkpoint),
        generations: dice.some(1, Dice::generation),
        dead: dice.some(3, |dice| dice.dead(&letters)),
        published: dice.some(3, |dice| dice.number(&rows)),
        outbox: dice.some(3, Dice::message),
    }
}

/// Events without their positions, which may have holes; their order says the rest.
fn placeless(events: Vec<StoredEvent>) -> Vec<StoredEvent> {
    events.into_iter().map(|event| StoredEvent { position: Position::START, ..event }).collect()
}

/// Everything that can be read, as text, but for numbers that may have holes.
async fn everything(store: &AnyStore) -> Vec<String> {
    const ALL: usize = 100_000;
    let mut letters = store.dead_letters(0, ALL).await.unwrap();
    letters.iter_mut().for_each(|letter| letter.no = 0); // numbers may have holes
    let mut found = vec![
        format!("counts {:?}", store.counts().await),
        format!("log {:?}", placeless(store.read(Position::START, ALL).await.unwrap())),
        format!("outbox {:?}", store.outbox(0, ALL).await.unwrap().iter().map(|row| &row.message).collect::<Vec<_>>()),
        format!("dead {:?}", letters),
        format!("commands {:?}", store.commands(CommandQuery::newest(ALL)).await),
        format!("checkpoints {:?} {:?}", store.checkpoint("p".into()).await, store.checkpoint("q".into()).await),
    ];
    let few = (0..6).map(|number| MessageId::from_uuid(Uuid::from_u128(number))).collect();
    found.push(format!("marked {:?}", store.marked("r".into(), few).await));
    for tenant in [None, Some(TenantId::new("acme").unwrap())] {
        for model in ["m", "n"] {
            let scan = Scan { tenant: tenant.clone(), model, after: None, limit: ALL };
            let rows = store.scan(scan).await.unwrap().into_iter().map(|(key, row)| (key, row.value));
            found.push(format!("{model} of {tenant:?} {:?}", rows.collect::<Vec<_>>()));
        }
        let at = Until::Version(Version::new(2));
        for (id, after, snapshot, until) in [
            ("a", 0, None, Until::Head),
            ("a", 0, Some(1), Until::Head),
            ("b", 0, Some(2), Until::Head),
            ("b", 2, Some(1), Until::Head),
            ("a", 0, Some(1), at),
            ("b", 0, None, at),
        ] {
            let stream = StreamId::new("dice", id).unwrap();
            let load = Load { after: Version::new(after), until, snapshot, ..Load::all(tenant.clone(), stream) };
            let loaded = store.load(load.clone()).await.unwrap();
            found.push(format!("{load:?} {:?} {:?}", loaded.snapshot, placeless(loaded.events)));
        }
    }
    found
}

/// Takes or gives back a lease; both stores must answer alike.
async fn lease(dice: &mut Dice, stores: &[AnyStore; 2], held: &mut Vec<Lease>) {
    if !held.is_empty() && dice.below(3) == 0 {
        let lease = dice.pick(held);
        for store in stores {
            store.release(lease.clone()).await.unwrap();
        }
        return;
    }
    let holder = dice.pick(&["a", "b"]).to_owned();
    let request = LeaseRequest { resource: "work".into(), holder, ttl: Duration::from_secs(3_600) };
    let one = stores[0].lease(request.clone()).await.unwrap();
    let two = stores[1].lease(request).await.unwrap();
    assert_eq!(one, two, "lease");
    held.extend(one);
}

type Short = Result<(Vec<u64>, usize, u64), (&'static str, ErrorKind)>;

/// What both stores must answer alike: the versions, the number of parked letters and of swept rows, or why not.
fn short(answer: Result<Committed, Error>) -> Short {
    let versions = |done: &Committed| done.appends.iter().map(|(version, _)| version.get()).collect();
    answer.map(|done| (versions(&done), done.parked.len(), done.swept)).map_err(|error| (error.code(), error.kind()))
}

/// What came of the commits of some games.
#[derive(Debug, Default)]
struct Tally {
    games: u64,
    applied: u32,
    ambiguous: u32,
    refused: BTreeMap<&'static str, u32>,
}

impl Tally {
    /// One game: random commits to memory and to another store, which must answer alike and hold the same in the end.
    async fn play(&mut self, game: u64, other: AnyStore) {
        let stores = [AnyStore::new(MemoryStore::new()), other];
        stores[1].migrate().await.unwrap();
        let (mut dice, mut held) = (Dice(game), Vec::new());
        for turn in 0..100 {
            if dice.below(6) == 0 {
                lease(&mut dice, &stores, &mut held).await;
            }
            let seed = game * 1_000 + turn;
            let memory = short(stores[0].commit(roll(seed, &held, &stores[0]).await).await);
            let other = short(stores[1].commit(roll(seed, &held, &stores[1]).await).await);
            match (&memory, &other) {
                (Err(one), Err(two)) if one != two => self.ambiguous += 1, // several reasons: each names another
                _ => assert_eq!(memory, other, "game {game}, turn {turn}"),
            }
            match memory {
                Ok(_) => self.applied += 1,
                Err((code, _)) => *self.refused.entry(code).or_default() += 1,
            }
        }
        let (memory, other) = (everything(&stores[0]).await, everything(&stores[1]).await);
        for (memory, other) in memory.into_iter().zip(other) {
            assert_eq!(memory, other, "game {game}");
        }
        stores[1].close().await.unwrap();
        self.games += 1;
    }

    /// The games have shown something: enough was applied, and refused for every reason.
    fn check(&self) {
        let Self { games, applied, ambiguous, refused } = self;
        assert!(u64::from(*ambiguous) < games * 10, "{ambiguous} refusals for several reasons");
        assert!(u64::from(*applied) > games * 37, "only {applied} commits were applied; refused: {refused:?}");
        for code in [
            "store/conflict",
            "store/seen_changed",
            "inbox/duplicate",
            "store/duplicate_event",
            "command/already_undone",
            "lease/lost",
            "store/foreign_model",
            "store/generation_behind",
            "dice/no",
        ] {
            assert!(refused.contains_key(code), "no commit was refused with {code}: {refused:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_sqlite_answer_alike() {
    let folder = tempfile::tempdir().unwrap();
    let mut tally = Tally::default();
    for game in 1..=40 {
        let path = folder.path().join(format!("{game}.db"));
        let sqlite = SqliteStore::options(path).synchronous(Synchronous::Normal).open().unwrap();
        tally.play(game, AnyStore::new(sqlite)).await;
    }
    tally.check();
}

/// Games for a server: fewer, because each makes its tables anew.
const GAMES: std::ops::RangeInclusive<u64> = 101..=112;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_postgres_answer_alike() {
    let Some(server) = servers::postgres() else { return };
    let mut tally = Tally::default();
    for game in GAMES {
        let room = server.room();
        let options = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap().relaxed();
        tally.play(game, AnyStore::new(options.connect().unwrap())).await;
    }
    tally.check();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_mysql_answer_alike() {
    let Some(server) = servers::mysql() else { return };
    let mut tally = Tally::default();
    for game in GAMES {
        let room = server.room();
        tally.play(game, AnyStore::new(MysqlStore::connect(&room.url()).unwrap())).await;
    }
    tally.check();
}
