//! The store over a PostgreSQL database.

use bailiwick::{Store as _, sql::PostgresStore, store::AnyStore, testing::conformance};
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
