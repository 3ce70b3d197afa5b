//! The store over a PostgreSQL database.

use bailiwick::{sql::PostgresStore, store::AnyStore, testing::conformance};
use tests::servers;

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
