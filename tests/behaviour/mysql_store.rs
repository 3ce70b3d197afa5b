//! What is special about the store over MySQL and MariaDB: groups, turns, triggers, bytes.

use std::sync::Arc;

use bailiwick::{
    Clock, Error, ErrorKind, Expected, Position, Store, Timestamp,
    envelope::{Envelope, EventKind, Metadata, StreamId},
    id::MessageId,
    sql::MysqlStore,
    store::{Append, CheckpointMove, Commit, Committed, InboxMark, LeaseRequest, Load, ModelChange, ModelWrite, Scan},
};
use sqlx::{Connection, Executor, MySqlConnection, Row};
use tests::servers::{self, Room};

async fn world() -> Option<(Room, MysqlStore)> {
    let room = servers::mysql()?.room();
    let store = MysqlStore::connect(&room.url()).unwrap();
    store.migrate().await.unwrap();
    Some((room, store))
}

fn event(id: MessageId) -> Envelope {
    Envelope {
        id,
        name: "order.placed".into(),
        version: 1,
        kind: EventKind::Domain,
        time: Timestamp::from_micros(7),
        key: None,
        metadata: Metadata::default(),
        payload: b"{}".to_vec().into(),
    }
}

fn append(stream: &str, events: Vec<Envelope>) -> Append {
    Append { stream: StreamId::new("order", stream).unwrap(), expected: Expected::Any, events }
}

fn placed(stream: &str, id: MessageId) -> Commit {
    Commit { appends: vec![append(stream, vec![event(id)])], ..Commit::default() }
}

fn put(key: &str, value: &[u8]) -> ModelWrite {
    ModelWrite { model: "m", key: key.into(), change: ModelChange::Put(value.to_vec()) }
}

fn id() -> MessageId {
    Clock::system().message_id()
}

/// As many bytes as the server takes in one statement.
async fn packet(room: &Room) -> usize {
    let mut db = MySqlConnection::connect(&room.url()).await.unwrap();
    let rows = db.fetch_all("SELECT CAST(@@max_allowed_packet AS SIGNED)").await.unwrap();
    usize::try_from(rows[0].get::<i64, _>(0)).unwrap()
}

fn mark(message: MessageId) -> InboxMark {
    InboxMark { consumer: "c".into(), message, at: Timestamp::from_micros(7) }
}

/// Commits all at once; while the first is written the others gather.
async fn all(store: &MysqlStore, commits: Vec<Commit>) -> Vec<Result<Committed, Error>> {
    futures_util::future::join_all(commits.into_iter().map(|commit| store.commit(commit))).await
}

async fn positions(store: &MysqlStore) -> Vec<u64> {
    store.read(Position::START, 10_000).await.unwrap().iter().map(|event| event.position.get()).collect()
}

#[tokio::test]
async fn a_duplicate_id_in_a_group_refuses_its_own_commit_only() {
    let Some((_room, store)) = world().await else { return };
    let (stored, twice) = (id(), id());
    store.commit(placed("first", stored)).await.unwrap();
    let of = |number: u32| match number {
        20 => stored,
        30 | 40 => twice,
        _ => id(),
    };
    let answers = all(&store, (0..60).map(|number| placed(&number.to_string(), of(number))).collect()).await;
    let refused: Vec<usize> =
        (0..).zip(&answers).filter(|(_, answer)| answer.is_err()).map(|(number, _)| number).collect();
    assert_eq!(refused, [20, 40]);
    for answer in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(answer.code(), "store/duplicate_event");
    }
    assert_eq!(positions(&store).await, (1..=59).collect::<Vec<_>>(), "what was refused leaves no hole");
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_commit_that_fails_half_way_leaves_nothing_and_takes_nobody_with_it() {
    let Some((_room, store)) = world().await else { return };
    let commits = (0..40).map(|number| {
        let from = (number % 10 == 5).then_some(Position::new(77)); // the checkpoint is found to be elsewhere at the end
        let moved = CheckpointMove { name: format!("p{number}"), from, to: Position::new(1) };
        let models = vec![put(&format!("{number:02}"), b"1")];
        Commit { inbox: vec![mark(id())], models, checkpoints: vec![moved], ..placed(&number.to_string(), id()) }
    });
    for (number, answer) in (0..).zip(all(&store, commits.collect()).await) {
        assert_eq!(answer.is_err_and(|error| error.code() == "store/seen_changed"), number % 10 == 5, "{number}");
    }
    let scan = Scan { tenant: None, model: "m", after: None, limit: 100 };
    let keys: Vec<String> = store.scan(scan).await.unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), 36);
    assert!(!keys.iter().any(|key| key.ends_with('5')), "{keys:?}");
    assert_eq!(positions(&store).await, (1..=36).collect::<Vec<_>>());
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_that_write_at_once_lose_no_update_and_conflict_as_one_does() {
    let Some((room, one)) = world().await else { return };
    let two = MysqlStore::connect(&room.url()).unwrap();
    let stores = [Arc::new(one), Arc::new(two)];
    let more = || Arc::new(|row: Option<&[u8]>| Ok(Some([row.unwrap_or_default(), b"1"].concat())));
    let mut tasks = Vec::new();
    for task in 0..8_usize {
        let store = Arc::clone(&stores[task % 2]);
        tasks.push(tokio::spawn(async move {
            let mut won = 0;
            for turn in 0..50 {
                let stream = StreamId::new("order", format!("race{turn}")).unwrap();
                let race = Append { stream, expected: Expected::NoStream, events: vec![event(id()), event(id())] };
                won += u32::from(store.commit(Commit { appends: vec![race], ..Commit::default() }).await.is_ok());
                let models = vec![ModelWrite { model: "m", key: "all".into(), change: ModelChange::Update(more()) }];
                store.commit(Commit { models, ..Commit::default() }).await.unwrap();
            }
            won
        }));
    }
    let mut won = 0;
    for task in tasks {
        won += task.await.unwrap();
    }
    assert_eq!(won, 50, "of eight who expect a new stream one wins");
    assert_eq!(positions(&stores[0]).await, (1..=100).collect::<Vec<_>>());
    let rows = stores[1].scan(Scan { tenant: None, model: "m", after: None, limit: 2 }).await.unwrap();
    assert_eq!((rows.len(), rows[0].1.value.len()), (1, 400));
    for store in stores {
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn nobody_changes_or_deletes_an_event() {
    let Some((room, store)) = world().await else { return };
    store.commit(placed("a", id())).await.unwrap();
    let mut db = MySqlConnection::connect(&room.url()).await.unwrap();
    for sql in
        ["UPDATE bw_event SET payload = ''", "DELETE FROM bw_event", "REPLACE INTO bw_event SELECT * FROM bw_event"]
    {
        let error = db.execute(sql).await.unwrap_err();
        assert!(error.to_string().contains("bw_event is append-only"), "{sql}: {error}");
    }
    store.migrate().await.unwrap();
    assert_eq!(store.counts().await.unwrap().events, 1);
    store.close().await.unwrap();
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_never_cut() {
    let Some((room, store)) = world().await else { return };
    let most = packet(&room).await;
    let long = "x".repeat(2_000);
    let named = Envelope { name: long.clone().into(), ..event(id()) };
    let heavy = Envelope { payload: vec![b'1'; most].into(), ..event(id()) };
    let consumed = InboxMark { consumer: long.clone(), ..mark(id()) };
    let moved = CheckpointMove { name: long.clone(), from: None, to: Position::START };
    let grow: Arc<bailiwick::store::Change> = Arc::new(move |_| Ok(Some(vec![b'1'; most])));
    let grown = ModelWrite { model: "m", key: "a".into(), change: ModelChange::Update(grow) };
    let refused = [
        Commit { appends: vec![append("a", vec![named])], ..Commit::default() },
        Commit { appends: vec![append("a", vec![heavy])], ..Commit::default() },
        Commit { inbox: vec![consumed], ..Commit::default() },
        Commit { checkpoints: vec![moved], ..Commit::default() },
        Commit { models: vec![put(&long, b"1")], ..Commit::default() },
        Commit { models: vec![grown], ..Commit::default() },
    ];
    for commit in refused {
        let error = store.commit(commit).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("db/too_big", ErrorKind::Invalid), "{error}");
    }
    let request = LeaseRequest { resource: long, holder: "a".into(), ttl: std::time::Duration::from_secs(1) };
    assert_eq!(store.lease(request).await.unwrap_err().code(), "db/too_big");
    assert_eq!(store.counts().await.unwrap(), bailiwick::store::Counts::default());
    store.close().await.unwrap();
}

#[tokio::test]
async fn more_events_than_a_statement_takes_are_one_commit() {
    let Some((_room, store)) = world().await else { return };
    let heavy = || Envelope { payload: vec![b'1'; 6 << 20].into(), ..event(id()) };
    let events: Vec<Envelope> =
        (0..300).map(|_| event(id())).chain((0..5).map(|_| heavy())).chain((0..9).map(|_| event(id()))).collect();
    let ids: Vec<MessageId> = events.iter().map(|event| event.id).collect();
    let done = store.commit(Commit { appends: vec![append("a", events)], ..Commit::default() }).await.unwrap();
    assert_eq!(done.position().get(), 314);
    let loaded = store.load(Load::all(None, StreamId::new("order", "a").unwrap())).await.unwrap();
    assert_eq!(loaded.events.iter().map(|event| event.envelope.id).collect::<Vec<_>>(), ids);
    assert_eq!(loaded.events[302].envelope.payload.len(), 6 << 20);
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_largest_payload_that_is_let_in_comes_back() {
    let Some((room, store)) = world().await else { return };
    let length = packet(&room).await.min(64 << 20) - 5_000;
    let payload: Vec<u8> = (0..length).map(|at| b'a' + (at % 23) as u8).collect();
    let heavy = Envelope { payload: payload.clone().into(), ..event(id()) };
    store.commit(Commit { appends: vec![append("a", vec![heavy])], ..Commit::default() }).await.unwrap();
    let loaded = store.load(Load::all(None, StreamId::new("order", "a").unwrap())).await.unwrap();
    assert!(*loaded.events[0].envelope.payload == *payload);
    store.close().await.unwrap();
}

#[tokio::test]
async fn one_commit_appends_to_hundreds_of_streams_and_marks_hundreds_of_messages() {
    let Some((_room, store)) = world().await else { return };
    let streams = || (0..300).map(|number| append(&format!("s{number}"), vec![event(id()), event(id())]));
    let marks: Vec<InboxMark> = (0..300).map(|_| mark(id())).collect();
    let commit = || Commit { appends: streams().collect(), inbox: marks.clone(), ..Commit::default() };
    let done = store.commit(commit()).await.unwrap();
    assert_eq!((done.appends.len(), done.position().get()), (300, 600));
    let again = Commit { appends: streams().collect(), ..Commit::default() };
    assert!(store.commit(again).await.unwrap().appends.iter().all(|(version, _)| version.get() == 4));
    // The last of many was marked before: none of the others is, although the group goes on.
    let fresh: Vec<MessageId> = (0..40).map(|_| id()).collect();
    let late = fresh.iter().map(|id| mark(*id)).chain([marks[299].clone()]).collect();
    let answers = all(&store, vec![Commit { inbox: late, ..Commit::default() }, placed("t", id())]).await;
    assert_eq!(answers[0].as_ref().unwrap_err().code(), "inbox/duplicate");
    assert!(answers[1].is_ok());
    assert!(!store.marked("c".into(), fresh).await.unwrap().contains(&true));
    store.close().await.unwrap();
}

#[tokio::test]
async fn texts_are_told_apart_by_their_bytes() {
    let Some((_room, store)) = world().await else { return };
    let keys = ["", " ", "A", "A ", "a", "ä", "\u{1F980}"];
    let models = keys.iter().map(|key| put(key, key.as_bytes())).collect();
    store.commit(Commit { models, ..Commit::default() }).await.unwrap();
    for key in ["s", "S", "s "] {
        store.commit(placed(key, id())).await.unwrap();
    }
    let rows = store.scan(Scan { tenant: None, model: "m", after: None, limit: 100 }).await.unwrap();
    assert_eq!(rows.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), keys, "in the order of bytes");
    for key in ["s", "S", "s "] {
        let loaded = store.load(Load::all(None, StreamId::new("order", key).unwrap())).await.unwrap();
        assert_eq!(loaded.events.len(), 1, "{key:?}");
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_store_says_what_is_wrong_with_its_place() {
    for url in ["postgres://localhost/shop", "mysql://localhost", "mysql://localhost:port/shop", "shop.db"] {
        assert_eq!(MysqlStore::options(url).unwrap_err().code(), "db/config", "{url}");
    }
    let options = MysqlStore::options("mysql://shop:secret@localhost/shop").unwrap();
    assert!(!format!("{options:?}").contains("secret"));
    let nowhere = MysqlStore::connect("mysql://root@127.0.0.1:1/shop").unwrap();
    assert!(nowhere.migrate().await.unwrap_err().is_transient());
    let Some(server) = servers::mysql() else { return };
    let room = server.room();
    let store = MysqlStore::connect(&room.url()).unwrap();
    assert_eq!(store.counts().await.unwrap_err().code(), "sql/not_migrated");
    assert_eq!(store.commit(placed("a", id())).await.unwrap_err().code(), "sql/not_migrated");
    store.migrate().await.unwrap();
    let mut db = MySqlConnection::connect(&room.url()).await.unwrap();
    db.execute("INSERT INTO bw_schema VALUES (99, 'later', 0)").await.unwrap();
    let newer = MysqlStore::connect(&room.url()).unwrap();
    assert_eq!(newer.migrate().await.unwrap_err().code(), "sql/schema_ahead");
    assert_eq!(newer.counts().await.unwrap_err().code(), "sql/schema_ahead");
    drop(room);
    let gone = MysqlStore::connect(&newer_url(&server)).unwrap();
    assert_eq!(gone.migrate().await.unwrap_err().code(), "db/open");
}

/// A database that is not there.
fn newer_url(server: &servers::Server) -> String {
    let room = server.room();
    room.url()
}
