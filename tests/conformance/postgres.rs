//! The store over a PostgreSQL database.

use std::sync::Arc;

use bailiwick::{
    Clock, Expected, Store as _, Version,
    envelope::{Envelope, EventKind, Metadata, StreamId},
    sql::PostgresStore,
    store::{AnyStore, Append, Commit, Load},
    testing::conformance,
};
use tests::{proxy::Proxy, servers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_over_postgres_keeps_the_contract() {
    let Some(server) = servers::postgres() else { return };
    let mut rooms = Vec::new();
    conformance::store(|| {
        let room = server.room();
        let store = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap().connect().unwrap();
        rooms.push(room);
        async { AnyStore::new(store) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_table_is_made_in_another_schema_because_a_pooler_dropped_the_setting() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    let store = PostgresStore::options(&url).unwrap().schema(room.name()).unwrap().connect().unwrap();
    proxy.replace(&format!("search_path={}", room.name()), &format!("search_path={}", "x".repeat(room.name().len())));
    let refused = store.migrate().await.unwrap_err();
    assert_eq!((refused.code(), refused.to_string().contains("pooler")), ("db/config", true), "{refused}");
    proxy.keep();
    store.migrate().await.unwrap();
}

/// As many as neither go alone nor fit into one statement of one store.
const CALLERS: u64 = 48;
const STREAMS: u64 = 8;
const VERSIONS: u64 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_callers_of_two_stores_who_append_at_one_place_one_does_and_each_is_told() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let open = || PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap().connect().unwrap();
    let stores = [Arc::new(open()), Arc::new(open())];
    stores[0].migrate().await.unwrap();
    for version in 0..VERSIONS {
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..CALLERS {
            let (store, stream) = (Arc::clone(&stores[(caller % 2) as usize]), stream(caller / 2 % STREAMS));
            // Some believe that it ends further on.
            let expected = Expected::at(Version::new(version + 50 * u64::from(caller >= CALLERS - STREAMS)));
            let append = Append { stream, expected, events: vec![event()] };
            callers.spawn(async move { store.commit(Commit { appends: vec![append], ..Commit::default() }).await });
        }
        let answers = callers.join_all().await;
        let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
        assert!(refused.clone().all(|error| error.code() == "store/conflict"), "{:?}", refused.collect::<Vec<_>>());
        let ends = answers.iter().flatten().map(|done| done.appends[0].0.get()).collect::<Vec<_>>();
        assert_eq!(ends, [version + 1; STREAMS as usize], "one for each stream");
    }
    for number in 0..STREAMS {
        let events = stores[0].load(Load::all(None, stream(number))).await.unwrap().events;
        assert_eq!(
            events.iter().map(|event| event.version.get()).collect::<Vec<_>>(),
            (1..=VERSIONS).collect::<Vec<_>>()
        );
    }
    for store in stores {
        store.close().await.unwrap();
    }
}

fn stream(number: u64) -> StreamId {
    StreamId::new("race", number.to_string()).unwrap()
}

fn event() -> Envelope {
    let clock = Clock::system();
    Envelope {
        id: clock.message_id(),
        name: "race.run".into(),
        version: 1,
        kind: EventKind::Domain,
        time: clock.now(),
        key: None,
        metadata: Metadata::default(),
        payload: b"{}".to_vec().into(),
    }
}
