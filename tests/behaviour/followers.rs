//! Followers: who works, when they wake, how they do, and the wait for them.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use bailiwick::{
    App, BoxError, Clock, Error, ErrorKind, Position, ReadModel, Recorded, Timestamp, Transaction, projection,
    projection::{Condition, Follower},
    store::{AnyStore, LeaseRequest},
    testing,
};
use tests::bank::{Account, AccountEvent, DEPOSITS_LATER, Inline, Later, deposit, open};
use tokio::{sync::oneshot, time::Instant};

use crate::delivery::FaultyStore;

const LONG: Duration = Duration::from_secs(60);
const COUNTED: ReadModel<u64> = ReadModel::new("counted");

/// Counts events; with a gate it waits at the first one, without letting its thread go on.
#[derive(Default, Clone)]
struct Counter(Arc<Mutex<Option<mpsc::Receiver<()>>>>);

#[projection(name = "counter", version = 1)]
impl Counter {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        if matches!(**event, AccountEvent::Deposited { cents: 13 }) {
            return Err("told to fail".into());
        }
        let gate = self.0.lock().unwrap().take();
        if let Some(gate) = gate {
            gate.recv()?;
        }
        tx.update(COUNTED, "all", |count| *count += 1);
        Ok(())
    }
}

/// Runs something beside the workers, then stops them.
async fn beside_workers<T>(app: &App, work: impl Future<Output = T>) -> T {
    let (stop, stopped) = oneshot::channel::<()>();
    let workers = app.run_workers(async { stopped.await.unwrap_or(()) });
    let work = async {
        let done = work.await;
        drop(stop);
        done
    };
    let (worked, done) = tokio::join!(workers, work);
    worked.unwrap();
    done
}

#[tokio::test(start_paused = true)]
async fn a_commit_wakes_the_followers_of_its_process_at_once() {
    let app = testing::app().aggregate::<Account>().projection(Later).build().await;
    app.send(open("a")).await.unwrap();
    let woken = async {
        for round in 1..=20_u64 {
            tokio::time::sleep(Duration::from_secs(round)).await; // longer than any poll
            let begun = Instant::now();
            let done = app.run(deposit("a", 1)).await.unwrap();
            app.caught_up::<Later>(done.position(), LONG).await.unwrap();
            assert_eq!(begun.elapsed(), Duration::ZERO, "nobody waited for a poll");
            assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(round));
        }
    };
    beside_workers(&app, woken).await;
}

#[tokio::test(start_paused = true)]
async fn a_follower_without_work_writes_nothing_and_holds_no_lease() {
    let store = FaultyStore::new();
    let app = App::builder().any_store(store.any()).aggregate::<Account>().projection(Later).build().await.unwrap();
    app.send(open("a")).await.unwrap();
    let idle = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(app.projections().await.unwrap()[0].owner, None);
        let before = (store.commits(), store.leases());
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        assert_eq!((store.commits(), store.leases()), before);
    };
    beside_workers(&app, idle).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_followers_of_one_projection_take_each_event_once_and_follow_one_another() {
    let app = testing::app().aggregate::<Account>().build().await;
    app.send(open("a")).await.unwrap();
    let mut sent = 1;
    for _ in 0..5 {
        let followers = [(); 3].map(|()| Follower::new(app.store().clone(), Counter::default()));
        let stops = std::array::from_fn::<_, 3, _>(|_| oneshot::channel::<()>());
        let ([one, two, three], [first, second, third]) = (&followers, stops);
        let stopped = |stop: oneshot::Receiver<()>| async { stop.await.unwrap_or(()) };
        let work = async {
            for stop in [first.0, second.0, third.0] {
                for _ in 0..20 {
                    app.send(deposit("a", 1)).await.unwrap();
                    sent += 1;
                }
                drop(stop); // the lease is given back, another takes over
            }
        };
        tokio::join!(one.run(stopped(first.1)), two.run(stopped(second.1)), three.run(stopped(third.1)), work);
        assert_eq!(app.store().holder(one.checkpoint().into()).await.unwrap(), None);
    }
    let last = Follower::new(app.store().clone(), Counter::default());
    while last.step().await.unwrap().events > 0 {}
    assert_eq!(app.read(COUNTED).get("all").await.unwrap(), Some(sent));
}

/// Runs a follower on a thread that it can stop as a signal stops a process: nothing of it goes on, no renewal either.
fn on_a_thread(store: AnyStore, counter: Counter) -> (oneshot::Sender<()>, thread::JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let work = move || {
        let follower = Follower::new(store, counter).lease(Duration::from_millis(100));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(follower.run(async { stopped.await.unwrap_or(()) }));
    };
    (stop, thread::spawn(work))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_was_stopped_beyond_its_lease_writes_nothing_when_it_goes_on() {
    let app = testing::app().aggregate::<Account>().build().await;
    for account in ["a", "b", "c"] {
        app.send(open(account)).await.unwrap();
    }
    let (go_on, gate) = mpsc::channel();
    let stopped = Counter(Arc::new(Mutex::new(Some(gate))));
    let (stop, thread) = on_a_thread(app.store().clone(), stopped.clone());
    while stopped.0.lock().unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let former = app.store().holder("projection/counter/1".into()).await.unwrap();
    let next = Follower::new(app.store().clone(), Counter::default());
    let taken_over = async {
        while app.store().checkpoint(next.checkpoint().into()).await.unwrap() != Some(Position::new(3)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let owner = app.store().holder(next.checkpoint().into()).await.unwrap();
        assert!(owner.is_some() && owner != former, "{owner:?} after {former:?}");
        app.send(deposit("a", 1)).await.unwrap();
        go_on.send(()).unwrap();
        while app.store().checkpoint(next.checkpoint().into()).await.unwrap() != Some(Position::new(4)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(stop);
    };
    next.run(taken_over).await;
    thread.join().unwrap();
    assert_eq!(app.read(COUNTED).get("all").await.unwrap(), Some(4));
}

#[tokio::test]
async fn the_status_says_how_far_each_projection_is_and_who_follows() {
    let noon = Timestamp::from_micros(43_200_000_000);
    let clock = Clock::fixed(noon);
    let later = || App::builder().clock(Clock::fixed(noon.plus(LONG)));
    let store = AnyStore::new(bailiwick::store::MemoryStore::with_clock(clock.clone()));
    let app = App::builder().clock(clock).any_store(store.clone()).aggregate::<Account>().build().await.unwrap();
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 7)).await.unwrap();
    let watch = later().any_store(store.clone()).projection(Later).projection(Inline::default());
    let watch = watch.aggregate::<Account>().build().await.unwrap();
    let [late, inline] = &watch.projections().await.unwrap()[..] else { panic!("two projections") };
    assert_eq!((late.position, late.head, late.behind), (Position::START, Position::new(2), 2));
    assert_eq!((late.lag, late.condition, &late.owner), (LONG, Condition::Unattended, &None));
    assert_eq!((inline.behind, inline.lag, inline.condition), (0, Duration::ZERO, Condition::CaughtUp));
    beside_workers(&watch, watch.caught_up::<Later>(Position::new(2), LONG)).await.unwrap();
    let late = &watch.projections().await.unwrap()[0];
    assert_eq!((late.behind, late.lag, late.condition), (0, Duration::ZERO, Condition::CaughtUp));
}

#[tokio::test(start_paused = true)]
async fn a_projection_that_stands_still_says_why_until_it_goes_on() {
    let app = testing::app().aggregate::<Account>().projection(Counter::default()).build().await;
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 13)).await.unwrap();
    let seen = async {
        tokio::time::sleep(Duration::from_secs(600)).await;
        app.projections().await.unwrap().remove(0)
    };
    let status = beside_workers(&app, seen).await;
    assert_eq!(status.condition, Condition::StandingStill);
    let standstill = status.standstill.unwrap();
    assert!(standstill.attempts > 5, "{standstill:?}");
    assert_eq!((standstill.error.code(), standstill.error.field("position")), ("projection/failed", Some("2")));
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_projection_ends_with_it_or_tells_where_it_stands() {
    let app = testing::app().aggregate::<Account>().projection(Later).projection(Inline::default()).build().await;
    app.send(open("a")).await.unwrap();
    beside_workers(&app, app.caught_up::<Later>(Position::new(1), LONG)).await.unwrap();
    let done = app.run(deposit("a", 7)).await.unwrap();
    let error = app.caught_up::<Later>(done.position(), LONG).await.unwrap_err();
    assert_eq!(error.code(), "projection/behind");
    assert_eq!((error.field("position"), error.field("stands")), (Some("2"), Some("1")));
    assert!(error.is_transient());
    app.caught_up::<Inline>(done.position(), Duration::ZERO).await.unwrap();
    app.caught_up::<Later>(Position::START, Duration::ZERO).await.unwrap();
    let error = app.caught_up::<Counter>(done.position(), LONG).await.unwrap_err();
    assert_eq!(error.code(), "projection/not_found");
    let follower = Follower::new(app.store().clone(), Later);
    let (waited, _) = tokio::join!(app.caught_up::<Later>(done.position(), LONG), follower.step());
    waited.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_ends_when_the_follower_is_in_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bank.db");
    let opened = || App::builder().sqlite(&file).aggregate::<Account>().projection(Later).build();
    let (here, there) = (opened().await.unwrap(), opened().await.unwrap());
    let work = async {
        here.send(open("a")).await.unwrap();
        for cents in 1..=5 {
            let done = here.run(deposit("a", cents)).await.unwrap();
            here.caught_up::<Later>(done.position(), LONG).await.unwrap();
            let seen = here.read(DEPOSITS_LATER).get("all").await.unwrap();
            assert_eq!(seen, Some((1..=cents).sum()), "it reads its own write");
        }
        assert!(here.projections().await.unwrap()[0].owner.is_some());
    };
    beside_workers(&there, work).await;
    here.close().await.unwrap();
    there.close().await.unwrap();
}

/// Passes on a conflict of its own, again and again.
struct Stubborn;

#[projection(name = "stubborn", version = 1)]
impl Stubborn {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, _tx: &mut Transaction) -> Result<(), BoxError> {
        Err(Error::new(ErrorKind::Conflict, "till/in_use", "somebody has the till").into())
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_does_not_end_is_told() {
    let app = testing::app().aggregate::<Account>().projection(Stubborn).build().await;
    app.send(open("a")).await.unwrap();
    let seen = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        app.projections().await.unwrap().remove(0)
    };
    let status = beside_workers(&app, seen).await;
    assert_eq!(status.condition, Condition::StandingStill);
    assert_eq!(status.standstill.unwrap().error.code(), "till/in_use");
}

#[tokio::test(start_paused = true)]
async fn who_stands_by_reads_no_events_until_the_lease_is_free() {
    let store = FaultyStore::new();
    let app = App::builder().any_store(store.any()).aggregate::<Account>().projection(Later).build().await.unwrap();
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 7)).await.unwrap();
    let request = LeaseRequest {
        resource: "projection/deposits_later/1".into(),
        holder: "other".into(),
        ttl: Duration::from_secs(1 << 20),
    };
    let other = app.store().lease(request).await.unwrap().unwrap();
    let stands_by = async {
        tokio::time::sleep(LONG).await;
        let before = (store.reads(), store.leases(), store.commits());
        tokio::time::sleep(LONG * 60).await;
        assert_eq!((store.reads(), store.leases(), store.commits()), before);
        app.store().release(other).await.unwrap();
        app.drained().await.unwrap();
    };
    beside_workers(&app, stands_by).await;
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(7));
}
