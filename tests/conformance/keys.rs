//! Stores of keys: in memory, and as rows of every store of events.

use bailiwick::{
    App,
    sensitive::MemoryKeys,
    store::StoreKeys,
    testing::conformance::{self, KeysSubject},
};
use tests::servers;

/// The keys in the store of this URL, as two processes have them.
async fn twice(url: &str) -> KeysSubject {
    let open = async || StoreKeys::new(App::builder().database(url).build().await.unwrap().store().clone());
    KeysSubject::new(open().await, open().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_in_memory_keep_the_contract() {
    conformance::keys(async || {
        let keys = MemoryKeys::new();
        KeysSubject::new(keys.clone(), keys)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_in_the_store_in_memory_keep_the_contract() {
    conformance::keys(async || {
        let app = App::builder().memory().build().await.unwrap();
        KeysSubject::new(StoreKeys::new(app.store().clone()), StoreKeys::new(app.store().clone()))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_in_sqlite_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::keys(|| {
        number += 1;
        let url = format!("sqlite://{}", folder.path().join(format!("{number}.db")).display());
        async move { twice(&url).await }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_in_a_server_keep_the_contract() {
    for server in [servers::postgres(), servers::mysql()].into_iter().flatten() {
        let mut rooms = Vec::new();
        conformance::keys(|| {
            let room = server.room();
            let url = room.own_url();
            rooms.push(room);
            async move { twice(&url).await }
        })
        .await;
    }
}
