//! The store over a PostgreSQL database.

use bailiwick::{sql::PostgresStore, store::AnyStore, testing::conformance};

fn url() -> String {
    std::env::var("BAILIWICK_TEST_POSTGRES_URL").unwrap_or_else(|_| "postgres://postgres@127.0.0.1/postgres".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_over_postgres_keeps_the_contract() {
    let mut number = 0;
    conformance::store(|| {
        number += 1;
        let name = format!("bw_test_{}_{number}", std::process::id());
        let store = PostgresStore::options(&url()).unwrap().schema(&name).unwrap().connect().unwrap();
        async { AnyStore::new(store) }
    })
    .await;
}
