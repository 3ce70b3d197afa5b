//! MySQL and MariaDB: the wire is cut where COMMIT is sent. Whoever commits is told what became of it, and it happens once.

mod killed;
mod states;
pub mod support;
mod wire;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bailiwick::{
    Clock, Error, Expected, Position, Store, Version,
    envelope::{Envelope, EventKind, Metadata, StreamId},
    sql::MysqlStore,
    store::{
        Append, CheckpointMove, Commit, Committed, GenerationChange, ModelChange, ModelKey, ModelWrite, Swap, SwapGuard,
    },
};
use tests::servers::{self, Room};
use wire::{Cut, Wire};

struct World {
    _room: Room,
    wire: Wire,
    store: MysqlStore,
}

impl World {
    async fn new() -> Option<Self> {
        let room = servers::mysql()?.room();
        let wire = Wire::new(&room.url()).await;
        let store = MysqlStore::connect(&wire.url()).unwrap();
        store.migrate().await.unwrap();
        Some(Self { _room: room, wire, store })
    }

    /// Commits while the wire is cut at the next COMMIT.
    async fn cut(&self, cut: Cut, commit: Commit) -> Result<Committed, Error> {
        self.wire.arm(cut);
        let answer = self.store.commit(commit).await;
        assert!(self.wire.was_cut(), "the wire was not cut");
        answer
    }

    async fn counted(&self) -> Option<(u64, Vec<u8>)> {
        let key = ModelKey { tenant: None, model: "counts", key: "all".into(), generation: None };
        self.store.model(key).await.unwrap().map(|row| (row.revision, row.value))
    }
}

fn placed(stream: &str) -> Commit {
    let event = Envelope {
        id: Clock::system().message_id(),
        name: "order.placed".into(),
        version: 1,
        kind: EventKind::Domain,
        time: Clock::system().now(),
        key: None,
        metadata: Metadata::default(),
        payload: b"{}".to_vec().into(),
    };
    let stream = StreamId::new("order", stream).unwrap();
    let appends = vec![Append { stream, expected: Expected::NoStream, events: vec![event] }];
    Commit { appends, ..Commit::default() }
}

/// A commit without an event: one more in a row.
fn counts() -> Commit {
    let more = |row: Option<&[u8]>| Ok(Some([row.unwrap_or_default(), b"1"].concat()));
    let models = vec![ModelWrite { model: "counts", key: "all".into(), change: ModelChange::Update(Arc::new(more)) }];
    Commit { models, ..Commit::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_happens_once_wherever_the_wire_is_cut() {
    let Some(world) = World::new().await else { return };
    let begun = Instant::now();
    for (number, cut) in (1..).zip([Cut::Behind, Cut::Before, Cut::Frozen, Cut::Behind]) {
        let done = world.cut(cut, placed(&number.to_string())).await.unwrap();
        assert_eq!(done.appends.len(), 1);
        assert_eq!((done.appends[0].0, done.position().get()), (Version::new(1), number), "{cut:?}");
        assert_eq!(world.store.counts().await.unwrap().events, number, "{cut:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_events_happens_once_too() {
    let Some(world) = World::new().await else { return };
    for (number, cut) in (1..).zip([Cut::Behind, Cut::Before, Cut::Frozen]) {
        world.cut(cut, counts()).await.unwrap();
        let (_, value) = world.counted().await.unwrap();
        assert_eq!(value, vec![b'1'; number], "{cut:?}");
    }
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_a_group_is_told_what_became_of_it() {
    let Some(world) = World::new().await else { return };
    world.store.commit(placed("taken")).await.unwrap();
    for cut in [Cut::Behind, Cut::Frozen] {
        world.wire.arm(cut);
        let answers = futures_util::future::join_all((0..40).map(|number| {
            let stream = if number % 8 == 0 { "taken".into() } else { format!("{cut:?}{number}") };
            world.store.commit(placed(&stream))
        }))
        .await;
        assert!(world.wire.was_cut());
        for (number, answer) in answers.into_iter().enumerate() {
            assert_eq!(
                answer.is_err_and(|error| error.code() == "store/conflict"),
                number % 8 == 0,
                "{cut:?} {number}"
            );
        }
    }
    assert_eq!(world.store.counts().await.unwrap().events, 1 + 2 * 35);
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_that_nobody_can_tell_is_unknown_and_the_same_commit_again_is_refused() {
    let Some(world) = World::new().await else { return };
    world.wire.arm(Cut::ForGood);
    let appends = placed("a").appends;
    let commit = || Commit { appends: appends.clone(), ..Commit::default() };
    let error = world.store.commit(commit()).await.unwrap_err();
    assert_eq!((error.code(), error.is_unknown_outcome()), ("db/commit_unknown", true), "{error}");
    world.wire.mend();
    let again = world.store.commit(commit()).await.unwrap_err();
    assert_eq!(again.code(), "store/conflict", "it had happened");
    assert_eq!(world.store.counts().await.unwrap().events, 1);
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_server_has_closed_are_replaced() {
    let Some(world) = World::new().await else { return };
    world.store.commit(placed("a")).await.unwrap();
    assert_eq!(world.store.counts().await.unwrap().events, 1);
    world.wire.hang_up();
    assert_eq!(world.store.counts().await.unwrap().events, 1);
    world.store.commit(placed("b")).await.unwrap();
    world.wire.hang_up();
    world.store.commit(counts()).await.unwrap();
    assert_eq!(world.store.counts().await.unwrap().events, 2);
    world.store.close().await.unwrap();
}

/// A swap to what holds everything up to a position, as a rebuild makes it.
fn swap(position: u64, guard: SwapGuard) -> Commit {
    let to = Position::new(7);
    let checkpoints = vec![CheckpointMove { name: format!("rebuild/{position}"), from: None, to }];
    let swap = Swap { owner: "counts/1".into(), generation: 7, position: Position::new(position), guard };
    Commit { checkpoints, generations: vec![GenerationChange::Swap(swap)], ..Commit::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swap_that_comes_too_early_is_refused_before_anything_is_written() {
    let Some(world) = World::new().await else { return };
    world.store.commit(placed("1")).await.unwrap();
    for guard in [SwapGuard::Head, SwapGuard::Checkpoint("follower".into())] {
        let position = u64::from(guard != SwapGuard::Head);
        let error = world.store.commit(swap(position, guard)).await.unwrap_err();
        assert_eq!(error.code(), "store/generation_behind");
    }
    assert_eq!(world.wire.savepoints(), 0, "it was written, and done again");
    world.store.commit(swap(1, SwapGuard::Head)).await.unwrap();
}
