//! The store over a MariaDB or MySQL database.

use bailiwick::{sql::MysqlStore, store::AnyStore, testing::conformance};
use tests::servers;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_over_mysql_keeps_the_contract() {
    let Some(server) = servers::mysql() else { return };
    let mut rooms = Vec::new();
    conformance::store(|| {
        let room = server.room();
        let store = MysqlStore::connect(&room.url()).unwrap();
        rooms.push(room);
        async { AnyStore::new(store) }
    })
    .await;
}
