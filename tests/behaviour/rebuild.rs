//! Rebuilds: what they repeat and what they do not, one at a time, progress, what is swept. Interruptions are in `chaos`.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use bailiwick::{
    App, BoxError, Clock, Envelope, ErrorKind, EventKind, Position, ReadModel, Recorded, Transaction,
    envelope::Metadata,
    projection,
    projection::{Follower, Rebuild},
    store::{Commit, Generation, LeaseRequest, ModelChange, ModelKey, ModelWrite},
    testing,
};
use tests::bank::{Account, AccountEvent, DEPOSITS_LATER, Later, deposit, open};
use tokio::time::{Duration, Instant};

use crate::delivery::{Fault, FaultyStore};

const SEEN: ReadModel<u64> = ReadModel::new("seen");

/// Counts events, sends a message for each, and does something outside unless it is rebuilding.
#[derive(Clone, Default)]
struct Sender {
    outside: Arc<AtomicU32>,
}

#[projection(name = "sender", version = 1)]
impl Sender {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let before = tx.get(SEEN, "all").await?.unwrap_or_default();
        tx.put(SEEN, "all", &(before + 1))?;
        if !tx.is_rebuilding() {
            self.outside.fetch_add(1, Ordering::SeqCst);
        }
        let envelope = Envelope {
            id: Clock::system().message_id(),
            name: "sender.saw".into(),
            version: 1,
            kind: EventKind::Notification,
            time: Clock::system().now(),
            key: None,
            metadata: Metadata::default(),
            payload: b"{}".as_slice().into(),
        };
        tx.send("seen", envelope);
        Ok(())
    }
}

/// The rows from before the first rebuild.
fn first() -> Option<Generation> {
    Some(Generation { owner: "deposits_later/1".into(), number: 0 })
}

#[tokio::test]
async fn a_rebuild_repeats_rows_and_nothing_else() {
    let sender = Sender::default();
    let app = testing::app().aggregate::<Account>().projection(sender.clone()).build().await;
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 1)).await.unwrap();
    let follower = Follower::new(app.store().clone(), sender.clone());
    while follower.step().await.unwrap().events > 0 {}
    assert_eq!(sender.outside.load(Ordering::SeqCst), 2);
    assert_eq!(app.counts().await.unwrap().outbox, 2);
    let wrong = ModelWrite { model: SEEN.name(), key: "all".into(), change: ModelChange::Put(b"77".to_vec()) };
    app.store().commit(Commit { models: vec![wrong], ..Commit::default() }).await.unwrap();
    let done = app.rebuild::<Sender>().unwrap().run().await.unwrap();
    assert_eq!((done.events, done.resumed, done.position), (2, Position::START, Position::new(2)));
    assert_eq!(app.read(SEEN).get("all").await.unwrap(), Some(2));
    assert_eq!(sender.outside.load(Ordering::SeqCst), 2);
    assert_eq!(app.counts().await.unwrap().outbox, 2);
}

#[tokio::test]
async fn what_a_follower_has_not_taken_it_takes_after_the_swap_with_its_messages() {
    let sender = Sender::default();
    let app = testing::app().aggregate::<Account>().projection(sender.clone()).build().await;
    let follower = Follower::new(app.store().clone(), sender.clone());
    app.send(open("a")).await.unwrap();
    let done = app.rebuild::<Sender>().unwrap().run().await.unwrap();
    assert_eq!((done.events, done.position), (0, Position::START)); // nothing has had its effect yet
    assert_eq!(app.read(SEEN).get("all").await.unwrap(), None);
    app.send(deposit("a", 1)).await.unwrap();
    follower.step().await.unwrap();
    app.send(deposit("a", 2)).await.unwrap();
    app.send(deposit("a", 3)).await.unwrap();
    let done = app.rebuild::<Sender>().unwrap().run().await.unwrap();
    assert_eq!((done.events, done.position), (2, Position::new(2)));
    assert_eq!(app.read(SEEN).get("all").await.unwrap(), Some(2));
    while follower.step().await.unwrap().events > 0 {}
    assert_eq!(app.read(SEEN).get("all").await.unwrap(), Some(4));
    assert_eq!(sender.outside.load(Ordering::SeqCst), 4);
    assert_eq!(app.counts().await.unwrap().outbox, 4);
}

#[tokio::test]
async fn a_rebuild_tells_how_far_it_is() {
    let app = testing::app().aggregate::<Account>().projection(Later).build().await;
    app.send(open("a")).await.unwrap();
    for cents in 1..=6 {
        app.send(deposit("a", cents)).await.unwrap();
    }
    Follower::new(app.store().clone(), Later).step().await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let rebuild = Rebuild::new(app.store().clone(), Later).batches_of(3);
    rebuild
        .on_progress(move |progress| {
            tell.lock().unwrap().push((progress.events, progress.position.get(), progress.head.get()));
        })
        .run()
        .await
        .unwrap();
    assert_eq!(*told.lock().unwrap(), [(3, 3, 7), (6, 6, 7), (7, 7, 7)]);
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(21));
}

#[tokio::test(start_paused = true)]
async fn a_second_rebuild_is_refused_and_disturbs_nothing() {
    let app = testing::app().aggregate::<Account>().projection(Later).build().await;
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 1)).await.unwrap();
    Follower::new(app.store().clone(), Later).step().await.unwrap();
    let request =
        LeaseRequest { resource: "rebuild/deposits_later/1".into(), holder: "other".into(), ttl: Duration::MAX };
    let other = app.store().lease(request).await.unwrap().unwrap();
    let error = app.rebuild::<Later>().unwrap().run().await.unwrap_err();
    assert_eq!((error.code(), error.field("projection")), ("projection/rebuilding", Some("deposits_later")));
    app.store().release(other).await.unwrap();
    app.rebuild::<Later>().unwrap().run().await.unwrap();
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(1));
    assert_eq!(app.rebuild::<Sender>().unwrap_err().code(), "projection/not_found");
}

#[tokio::test]
async fn what_a_killed_rebuild_has_not_swept_the_workers_sweep() {
    let app = testing::app().aggregate::<Account>().projection(Later).build().await;
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 1)).await.unwrap();
    Follower::new(app.store().clone(), Later).step().await.unwrap();
    app.rebuild::<Later>().unwrap().run().await.unwrap();
    let old = ModelWrite { model: DEPOSITS_LATER.name(), key: "old".into(), change: ModelChange::Put(b"1".to_vec()) };
    app.store().commit(Commit { generation: first(), models: vec![old], ..Commit::default() }).await.unwrap();
    let left = || {
        let (model, key) = (DEPOSITS_LATER.name(), "old".to_owned());
        app.store().model(ModelKey { tenant: None, model, key, generation: first() })
    };
    assert!(left().await.unwrap().is_some());
    app.settle().await;
    assert!(left().await.unwrap().is_none());
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(1));
}

#[tokio::test]
async fn two_projections_cannot_share_a_read_model() {
    struct Thief;
    #[projection(name = "thief", version = 1)]
    impl Thief {
        #[project]
        async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
            tx.put(DEPOSITS_LATER, "all", &0)?;
            Ok(())
        }
    }
    let app = testing::app().aggregate::<Account>().projection(Later).projection(Thief).build().await;
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 1)).await.unwrap();
    Follower::new(app.store().clone(), Later).step().await.unwrap();
    let error = Follower::new(app.store().clone(), Thief).step().await.unwrap_err();
    assert_eq!((error.code(), error.field("owner")), ("store/foreign_model", Some("deposits_later/1")));
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(1));
}

/// A payment that the projection has taken, on a store that fails when told to.
async fn faulty() -> (App, FaultyStore) {
    let store = FaultyStore::new();
    let app = App::builder().any_store(store.any()).aggregate::<Account>().projection(Later).build().await.unwrap();
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 1)).await.unwrap();
    Follower::new(app.store().clone(), Later).step().await.unwrap();
    (app, store)
}

#[tokio::test(start_paused = true)]
async fn a_rebuild_goes_on_where_trouble_that_passes_has_stopped_it() {
    let (app, store) = faulty().await;
    // Sweeping, the shadow, its events, the swap: each meets a server that is away once, and then one that is there.
    for _ in 0..4 {
        store.fail(Fault::Refused(ErrorKind::Transient, "db/unreachable"));
        store.fail(Fault::Passes);
    }
    let rebuilt = app.rebuild::<Later>().unwrap().run().await.unwrap();
    assert!(!store.forget_fault(), "not all of the trouble was met");
    assert_eq!(rebuilt.events, 2);
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_rebuild_tells_of_trouble_that_does_not_pass_and_of_a_full_disk_at_once() {
    let (app, store) = faulty().await;
    let before = store.commits();
    for (code, tries) in [("db/unreachable", 13), ("db/full", 1)] {
        (0..13).for_each(|_| store.fail(Fault::Refused(ErrorKind::Transient, code)));
        let error = app.rebuild::<Later>().unwrap().run().await.unwrap_err();
        assert_eq!(error.code(), code);
        let left = std::iter::repeat_with(|| store.forget_fault()).take_while(|left| *left).count();
        assert_eq!(13 - left, tries);
    }
    assert_eq!(store.commits(), before + 14);
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(1));
    app.rebuild::<Later>().unwrap().run().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_rebuild_whose_swap_is_refused_asks_less_and_less_often() {
    let (app, store) = faulty().await;
    (0..3).for_each(|_| store.fail(Fault::Passes)); // sweeping, the shadow, its events
    (0..10).for_each(|_| store.fail(Fault::Refused(ErrorKind::Conflict, "store/generation_behind")));
    let begun = Instant::now();
    app.rebuild::<Later>().unwrap().run().await.unwrap();
    assert!(!store.forget_fault());
    // At once after the events; then 5, 10, 20, 40, 80, 160 and three times 250 ms.
    assert_eq!(begun.elapsed(), Duration::from_millis(5 + 10 + 20 + 40 + 80 + 160 + 3 * 250));
}
