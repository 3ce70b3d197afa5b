//! `testing::TestDb`: databases that a test has for itself.

use std::path::Path;

use bailiwick::{specification::Spec, testing::TestDb};
use sqlx::{Connection, MySqlConnection, PgConnection};
use tests::servers;

use crate::rows::shop::{Order, new, shop, tables};

/// Whether there is a file or a database of this name.
async fn is_there(name: &str) -> bool {
    let count = "SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?";
    if let Some(server) = servers::mysql() {
        let mut db = MySqlConnection::connect(server.url()).await.unwrap();
        if sqlx::query_scalar::<_, i64>(count).bind(name).fetch_one(&mut db).await.unwrap() > 0 {
            return true;
        }
    }
    if let Some(server) = servers::postgres() {
        let mut db = PgConnection::connect(server.url()).await.unwrap();
        let count = "SELECT count(*) FROM pg_database WHERE datname = $1";
        if sqlx::query_scalar::<_, i64>(count).bind(name).fetch_one(&mut db).await.unwrap() > 0 {
            return true;
        }
    }
    Path::new(name).exists()
}

#[tokio::test]
async fn each_is_empty_and_gone_at_its_end() {
    let mut made = vec![TestDb::memory(), TestDb::memory()];
    for _ in 0..2 {
        made.extend(TestDb::sqlite().await.unwrap());
        made.extend(TestDb::postgres().await.unwrap());
        made.extend(TestDb::mysql().await.unwrap());
    }
    for test in &made {
        test.db().migrate(tables()).await.unwrap();
        let shop = shop(test.db(), "acme");
        assert!(!shop.repository::<Order>().find(Spec::all()).exists().await.unwrap());
        shop.repository::<Order>().insert(new(1)).await.unwrap();
    }
    for test in made {
        let name = test.name().map(str::to_owned);
        if let Some(name) = &name {
            assert!(is_there(name).await, "{name}");
        }
        test.end().await.unwrap();
        if let Some(name) = &name {
            assert!(!is_there(name).await, "{name}");
        }
    }
}
