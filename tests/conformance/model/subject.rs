//! A store on which the steps are done, and what must hold after each.

use std::sync::Mutex;

use bailiwick::{
    Envelope, Error, EventKind, Expected, Position, TenantId, Timestamp, Uuid, Version,
    envelope::{Metadata, StoredEvent, StreamId},
    id::MessageId,
    store::{AnyStore, Append, CheckpointMove, Commit, Committed, InboxMark, Load, Snapshot},
};
use futures_util::future::join_all;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use tokio::runtime::{Builder, Runtime};

use super::reference::{Belief, Key, Model, Number, Step, Write};

const SHAPE: u8 = 1;

/// Where a store is kept.
pub trait Place: Sized {
    /// Whether it is there when the store is opened again.
    const REMEMBERS: bool = true;

    /// An empty one; `None` where there is no server.
    fn new() -> Option<Self>;

    /// Opens the store.
    fn open(&self) -> AnyStore;
}

/// A store, and a reader that follows its global order.
pub struct Subject<P> {
    runtime: Runtime,
    store: AnyStore,
    tail: Mutex<Vec<StoredEvent>>,
    place: Option<P>,
}

fn tenant(key: Key) -> Option<TenantId> {
    key.0.map(|name| TenantId::new(name).unwrap())
}

fn stream(key: Key) -> StreamId {
    StreamId::new("room", key.1).unwrap()
}

fn id(number: Number) -> MessageId {
    MessageId::from_uuid(Uuid::from_u128(u128::from(number)))
}

fn event(id_of: Number, number: Number) -> Envelope {
    Envelope {
        id: id(id_of),
        name: "room.booked".into(),
        version: 1,
        kind: EventKind::Domain,
        time: Timestamp::from_micros(7),
        key: None,
        metadata: Metadata::default(),
        payload: number.to_string().into_bytes().into(),
    }
}

/// The append of a write whose first event has this number; `head` is where the stream was.
fn append(write: &Write, first: Number, head: u64, known: Option<Number>) -> Append {
    let expected = match write.belief {
        Belief::Any => Expected::Any,
        Belief::New => Expected::NoStream,
        Belief::Above(more) => Expected::Version(Version::new(head + more)),
    };
    let mut events: Vec<Envelope> = (first..first + write.events).map(|number| event(number, number)).collect();
    if let (true, Some(known), Some(last)) = (write.again, known, events.last_mut()) {
        *last = event(known, known);
    }
    Append { stream: stream(write.key), expected, events }
}

fn numbers(events: &[StoredEvent]) -> Vec<Number> {
    events.iter().map(|event| std::str::from_utf8(&event.envelope.payload).unwrap().parse().unwrap()).collect()
}

impl<P: Place> Subject<P> {
    fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        self.runtime.block_on(self.store.commit(commit))
    }

    fn checked(&self, model: &Model, commit: Commit) {
        let answer = self.commit(commit);
        match &answer {
            Ok(_) => assert!(model.last.is_empty(), "applied, though {:?}", model.last),
            Err(error) => assert!(model.last.contains(&error.code()), "{error:?}, not {:?}", model.last),
        }
    }

    fn append(&self, model: &Model, writes: &[Write]) {
        let mut first = model.next - writes.iter().map(|write| write.events).sum::<u64>();
        let known = self.tail.lock().unwrap().first().map(|event| numbers(std::slice::from_ref(event))[0]);
        let applied = model.last.is_empty();
        let mut appends = Vec::new();
        for write in writes {
            let head = model.head(write.key) - if applied { write.events } else { 0 };
            appends.push(append(write, first, head, known));
            first += write.events;
        }
        self.checked(model, Commit { tenant: tenant(writes[0].key), appends, ..Commit::default() });
    }

    /// Of writers who believe the same, one wins; the others learn where the stream is.
    fn race(&self, model: &Model, key: Key, writers: u64) {
        let head = Version::new(model.head(key) - 1);
        let commits = (model.next - writers..model.next).map(|number| {
            let append =
                Append { stream: stream(key), expected: Expected::Version(head), events: vec![event(number, number)] };
            let commit = Commit { tenant: tenant(key), appends: vec![append], ..Commit::default() };
            let store = self.store.clone();
            async move { tokio::spawn(async move { store.commit(commit).await }).await.unwrap() }
        });
        let answers = self.runtime.block_on(join_all(commits));
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "{won:?}");
        for answer in lost {
            assert_eq!(answer.unwrap_err().code(), "store/conflict");
        }
    }

    fn snapshot(&self, model: &Model, key: Key, below: u64) {
        let version = model.head(key) - below;
        let state = version.to_string().into_bytes();
        let snapshot = Snapshot { stream: stream(key), version: Version::new(version), schema: SHAPE.into(), state };
        self.checked(model, Commit { tenant: tenant(key), snapshots: vec![snapshot], ..Commit::default() });
    }

    fn mark(&self, model: &Model, message: Number, to: u64) {
        let from = self.runtime.block_on(self.store.checkpoint("p".into())).unwrap();
        let mark = InboxMark { consumer: "c".into(), message: id(message), at: Timestamp::from_micros(7) };
        let checkpoint = CheckpointMove { name: "p".into(), from, to: Position::new(to) };
        self.checked(model, Commit { inbox: vec![mark], checkpoints: vec![checkpoint], ..Commit::default() });
    }

    fn reopen(&mut self) {
        let Some(place) = self.place.as_ref().filter(|_| P::REMEMBERS) else { return };
        self.runtime.block_on(self.store.close()).unwrap();
        self.store = place.open();
        self.runtime.block_on(self.store.migrate()).unwrap();
    }

    /// The reader goes on from where it was: nothing new lies behind it, and what it has seen is the model's order.
    fn follow(&self, model: &Model) {
        let mut tail = self.tail.lock().unwrap();
        loop {
            let after = tail.last().map_or(Position::START, |event| event.position);
            let page = self.runtime.block_on(self.store.read(after, 3)).unwrap();
            if page.is_empty() {
                break;
            }
            for event in page {
                assert!(tail.last().is_none_or(|last| last.position < event.position), "{event:?}");
                tail.push(event);
            }
        }
        assert_eq!(tail.len(), model.log.len());
        let places = tail.iter().map(|event| (event.stream.id().to_owned(), event.version.get()));
        let expected = model.log.iter().map(|(key, version)| (key.1.to_owned(), *version));
        assert!(places.eq(expected), "{tail:?}");
    }

    fn stream_is(&self, model: &Model, key: Key) {
        let expected = model.streams.get(&key).map_or(&[][..], Vec::as_slice);
        let load = Load::all(tenant(key), stream(key));
        let loaded = self.runtime.block_on(self.store.load(load.clone())).unwrap();
        let versions: Vec<u64> = loaded.events.iter().map(|event| event.version.get()).collect();
        assert_eq!(versions, (1..=expected.len() as u64).collect::<Vec<_>>());
        let found = numbers(&loaded.events);
        assert!(found.iter().zip(expected).all(|(number, stored)| stored.contains(number)), "{found:?}");
        let snapshot = self.runtime.block_on(self.store.load(Load { snapshot: Some(SHAPE.into()), ..load })).unwrap();
        let at = snapshot.snapshot.as_ref().map(|snapshot| snapshot.version.get());
        assert_eq!(at, model.snapshots.get(&key).copied());
        assert_eq!(snapshot.events[..], loaded.events[at.unwrap_or_default() as usize..]);
    }
}

impl<P: Place + 'static> StateMachineTest for Subject<P> {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_model: &Model) -> Self {
        let place = P::new();
        let store = place.as_ref().map_or_else(|| AnyStore::new(bailiwick::store::MemoryStore::new()), Place::open);
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(store.migrate()).unwrap();
        Self { runtime, store, tail: Mutex::default(), place }
    }

    fn apply(mut subject: Self, model: &Model, step: Step) -> Self {
        match step {
            Step::Append(writes) => subject.append(model, &writes),
            Step::Race(key, writers) => subject.race(model, key, writers),
            Step::Snapshot(key, below) => subject.snapshot(model, key, below),
            Step::Mark(message, to) => subject.mark(model, message, to),
            Step::Reopen => subject.reopen(),
        }
        subject
    }

    fn check_invariants(subject: &Self, model: &Model) {
        subject.follow(model);
        for key in model.streams.keys() {
            subject.stream_is(model, *key);
        }
        let all: Vec<Number> = (1..6).collect();
        let marks = subject.store.marked("c".into(), all.iter().map(|number| id(*number)).collect());
        let marks = subject.runtime.block_on(marks).unwrap();
        assert!(all.iter().zip(marks).all(|(number, marked)| marked == model.marked.contains(number)));
        let checkpoint = subject.runtime.block_on(subject.store.checkpoint("p".into())).unwrap();
        assert_eq!(checkpoint.map(Position::get), model.checkpoint);
    }

    fn teardown(subject: Self, _model: <Self::Reference as ReferenceStateMachine>::State) {
        subject.runtime.block_on(subject.store.close()).unwrap();
    }
}
