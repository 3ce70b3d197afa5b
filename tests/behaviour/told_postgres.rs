//! Notices from process to process on PostgreSQL. Whoever waits here looks by himself only once in an hour, so that nothing
//! but a notice can have woken him.

use std::{future::Future, time::Duration};

use bailiwick::{
    App, Clock, Expected, Position, Store as _,
    envelope::StoredEvent,
    projection::Follower,
    relay::Relay,
    sql::PostgresStore,
    store::{AnyStore, Append, Commit, Signals},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tests::{
    bank::{Account, Later, deposit, open},
    drop_at::after_polls,
    proxy::{Proxy, contains},
    servers::{self, Room, Server},
};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::delivery::{Wire, dead, notes, requeue, send};

const LONG: Duration = Duration::from_secs(3_600);

/// A store as another process has it.
async fn process(url: &str, room: &Room) -> (AnyStore, Signals) {
    patient(url, room, Duration::from_secs(5)).await
}

/// One that waits no longer than so for the server, and asks for an echo after twice that time.
async fn patient(url: &str, room: &Room, patience: Duration) -> (AnyStore, Signals) {
    let options = PostgresStore::options(url).unwrap().schema(room.name()).unwrap().readers(2).writers(1);
    let store = options.connect_timeout(patience).connect().unwrap();
    store.migrate().await.unwrap();
    let signals = store.signals().unwrap();
    (AnyStore::new(store), signals)
}

async fn bank(store: AnyStore) -> App {
    App::builder().any_store(store).aggregate::<Account>().build().await.unwrap()
}

/// A process that hears, and an application in another one.
async fn two_processes(server: &Server) -> (Room, (AnyStore, Signals), App) {
    let room = server.room();
    let (here, (there, _)) = (process(&room.url(), &room).await, process(&room.url(), &room).await);
    let app = bank(there).await;
    (room, here, app)
}

/// Runs something, which is told when to stop, beside other work.
async fn beside<F: Future<Output = ()>>(run: impl FnOnce(oneshot::Receiver<()>) -> F, work: impl Future<Output = ()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let work = async {
        work.await;
        drop(stop);
    };
    tokio::join!(run(stopped), work);
}

async fn ends(stopped: oneshot::Receiver<()>) {
    stopped.await.unwrap_or(());
}

async fn until(mut is: impl AsyncFnMut() -> bool) {
    while !is().await {
        sleep(Duration::from_millis(2)).await;
    }
}

/// Waits until the follower stands at a position.
async fn taken(store: &AnyStore, position: Position) {
    until(async || store.checkpoint("projection/deposits_later/1".into()).await.unwrap() >= Some(position)).await;
}

/// Runs a follower that looks once in an hour, and begins the work when its store hears.
async fn beside_a_follower((store, signals): &(AnyStore, Signals), work: impl Future<Output = ()>) {
    let follower = Follower::new(store.clone(), Later).look_every(LONG);
    let work = async {
        until(async || signals.is_hearing()).await;
        work.await;
    };
    beside(|stopped| follower.run(ends(stopped)), work).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_is_woken_by_commits_of_another_process() {
    let Some(server) = servers::postgres() else { return };
    let (_room, here, app) = two_processes(&server).await;
    beside_a_follower(&here, async {
        app.send(open("a")).await.unwrap();
        for cents in 1..=20 {
            let done = app.run(deposit("a", cents)).await.unwrap();
            taken(app.store(), done.position()).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_is_woken_by_messages_and_requeued_dead_letters_of_another_process() {
    let Some(server) = servers::postgres() else { return };
    let (room, wire) = (server.room(), Wire::default());
    let (here, there) = (process(&room.url(), &room).await, process(&room.url(), &room).await);
    let relay = Relay::new(here.0.clone(), wire.broker(), Clock::system()).look_every(LONG);
    let work = async {
        until(async || here.1.is_hearing()).await;
        for round in 0..5 {
            wire.refuse("a1", true);
            send(&there.0, notes("a1 b1")).await;
            until(async || dead(&there.0).await.len() == 1 && wire.texts().len() == 2 * round + 1).await;
            wire.refuse("a1", false);
            requeue(&there.0, "a1").await;
            until(async || wire.texts().len() == 2 * round + 2 && dead(&there.0).await.is_empty()).await;
        }
    };
    beside(|stopped| relay.run(ends(stopped)), work).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_caller_left_is_told() {
    let Some(server) = servers::postgres() else { return };
    let (_room, here, app) = two_processes(&server).await;
    beside_a_follower(&here, async {
        app.send(open("a")).await.unwrap();
        app.send(deposit("a", 1)).await.unwrap(); // the server knows the statement
        let mut sum = 2;
        for polls in 1..=24 {
            let _left = after_polls(polls, app.send(deposit("a", 1))).await;
            sleep(Duration::from_millis(30)).await; // it was committed or not
            let head = app.store().head().await.unwrap();
            sum = sum.max(head.get());
            taken(app.store(), head).await;
        }
        assert!(sum > 2, "each was dropped too early");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_ends_long_after_its_caller_left_is_told() {
    let Some(server) = servers::postgres() else { return };
    let (room, here, app) = two_processes(&server).await;
    beside_a_follower(&here, async {
        app.run(open("a")).await.unwrap();
        // A statement that the server does not know yet waits for the table before it is sent to be executed.
        let before = app.run(deposit("a", 1)).await.unwrap().position();
        let mut database = PgConnection::connect(&room.url()).await.unwrap();
        let lock = format!("BEGIN; LOCK TABLE {}.bw_event IN SHARE MODE", room.name());
        sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut database).await.unwrap();
        let waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = to_regclass($1))";
        let table = format!("{}.bw_event", room.name());
        let waits = until(async || sqlx::query_scalar(waiting).bind(&table).fetch_one(&mut database).await.unwrap());
        tokio::select! {
            _ = app.send(deposit("a", 1)) => panic!("the table is locked"),
            () = waits => {}
        }
        sleep(Duration::from_millis(500)).await; // whoever had told by now told too early
        sqlx::query("COMMIT").execute(&mut database).await.unwrap();
        let told = taken(app.store(), Position::new(before.get() + 1));
        timeout(Duration::from_secs(30), told).await.expect("nobody was told");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_right_before_the_end_of_its_process_is_told() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let here = process(&room.url(), &room).await;
    beside_a_follower(&here, async {
        bank(here.0.clone()).await.run(open("taken")).await.unwrap();
        let taken_already = here.0.read(Position::START, 1).await.unwrap().remove(0);
        for round in 0..10 {
            let (proxy, url) = Proxy::before(&room.url()).await;
            let app = bank(process(&url, &room).await.0).await;
            // From then on the connections that read and write are there, and none that tells.
            assert!(app.store().commit(again(&taken_already)).await.unwrap_err().is_conflict());
            app.store().head().await.unwrap();
            proxy.refuse();
            let last = app.run(open(&format!("a-{round}"))).await.unwrap();
            proxy.admit();
            app.close().await.unwrap();
            taken(&here.0, last.position()).await;
        }
    })
    .await;
}

/// A commit that is refused.
fn again(event: &StoredEvent) -> Commit {
    let events = vec![event.envelope.clone()];
    let append = Append { stream: event.stream.clone(), expected: Expected::NoStream, events };
    Commit { appends: vec![append], ..Commit::default() }
}

/// Ends the connection that listens for the notices of a room.
async fn cut_the_ear(room: &Room) {
    let mut database = PgConnection::connect(&room.url()).await.unwrap();
    let sql = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE query = 'LISTEN \"bailiwick_' || '{}.bw_event'::regclass::oid || '\"'",
        room.name()
    );
    let ended: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut database).await.unwrap();
    assert_eq!(ended, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_while_nobody_could_listen_is_found_when_the_connection_is_there_again() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    let (here, there) = (process(&url, &room).await, process(&room.url(), &room).await);
    let app = bank(there.0).await;
    beside_a_follower(&here, async {
        let opened = app.run(open("a")).await.unwrap();
        taken(app.store(), opened.position()).await;
        for cents in 1..=3 {
            proxy.refuse();
            cut_the_ear(&room).await;
            until(async || !here.1.is_hearing()).await;
            sleep(Duration::from_millis(300)).await; // that woke everybody; they sleep again
            let done = app.run(deposit("a", cents)).await.unwrap();
            sleep(Duration::from_millis(300)).await; // it was told to nobody
            assert!(!here.1.is_hearing());
            proxy.admit();
            taken(app.store(), done.position()).await;
            until(async || here.1.is_hearing()).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_fell_silent_is_noticed_and_replaced() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    proxy.record();
    let (here, there) = (process(&url, &room).await, process(&room.url(), &room).await);
    let app = bank(there.0).await;
    beside_a_follower(&here, async {
        proxy.silence(Some(b"LISTEN"));
        sleep(Duration::from_millis(100)).await;
        let done = app.run(open("a")).await.unwrap();
        until(async || !here.1.is_hearing()).await;
        proxy.silence(None);
        taken(app.store(), done.position()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_delivered_one_notice_and_no_more_does_not_hear_until_they_arrive_again() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    proxy.deliver_notices(1);
    let here = patient(&url, &room, Duration::from_secs(1)).await;
    let app = bank(process(&room.url(), &room).await.0).await;
    beside_a_follower(&here, async {
        let done = app.run(open("a")).await.unwrap();
        until(async || !here.1.is_hearing()).await;
        taken(app.store(), done.position()).await; // its notice was swallowed
        proxy.deliver_notices(usize::MAX);
        until(async || here.1.is_hearing()).await;
        let done = app.run(deposit("a", 1)).await.unwrap();
        taken(app.store(), done.position()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_of_others_do_not_hide_that_none_of_its_own_come_back() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    proxy.record();
    let here = patient(&url, &room, Duration::from_secs(1)).await;
    let app = bank(process(&room.url(), &room).await.0).await;
    beside_a_follower(&here, async {
        app.send(open("a")).await.unwrap();
        proxy.silence(Some(b"pg_notify"));
        until(async || {
            taken(app.store(), app.run(deposit("a", 1)).await.unwrap().position()).await;
            !here.1.is_hearing()
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_closes_while_the_server_does_not_answer_what_it_tells() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    proxy.record();
    proxy.silence(Some(b"pg_notify"));
    let options = PostgresStore::options(&url).unwrap().schema(room.name()).unwrap().connect_timeout(LONG);
    let store = AnyStore::new(options.connect().unwrap());
    store.migrate().await.unwrap();
    send(&store, notes("a1")).await;
    until(async || proxy.recorded().iter().any(|sent| contains(sent, b"pg_notify"))).await;
    store.close().await.unwrap(); // it would wait for an hour
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_transaction_that_writes_notifies_and_each_schema_has_a_channel_of_its_own() {
    let Some(server) = servers::postgres() else { return };
    let mut channels = Vec::new();
    for room in [server.room(), server.room()] {
        let (proxy, url) = Proxy::before(&room.url()).await;
        proxy.record();
        let (store, signals) = process(&url, &room).await;
        let app = bank(store.clone()).await;
        beside_a_follower(&(store.clone(), signals), async {
            app.send(open("a")).await.unwrap();
            send(&store, notes("a1")).await;
            let done = app.run(deposit("a", 1)).await.unwrap();
            taken(&store, done.position()).await;
        })
        .await;
        store.close().await.unwrap();
        let all = proxy.recorded();
        let tells = |sent: &&Vec<u8>| contains(&sent.to_ascii_lowercase(), b"notify");
        let writes = |sent: &Vec<u8>| [&b"BEGIN"[..], b"INSERT", b"UPDATE"].iter().any(|mark| contains(sent, mark));
        let telling: Vec<_> = all.iter().filter(tells).collect();
        assert_eq!(telling.len(), 1, "one connection tells");
        assert!(!telling.into_iter().any(writes), "and it writes nothing else");
        assert!(all.iter().any(writes), "others do");
        let listens = all.iter().find(|sent| contains(sent, b"LISTEN")).unwrap();
        let at = listens.windows(6).position(|bytes| bytes == b"LISTEN").unwrap();
        channels.push(listens[at..].split(|byte| *byte == 0).next().unwrap().to_vec());
    }
    assert_ne!(channels[0], channels[1]);
}
