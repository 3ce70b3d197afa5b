//! The public suite of repositories, of every database.

use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick::{
    repository::Db,
    sql::{MysqlStore, PostgresStore, SqliteStore},
    testing::conformance,
};
use tests::servers;

#[tokio::test]
async fn memory_keeps_the_contract_of_repositories() {
    let report = conformance::check_repositories(|| async { Db::memory() }).await;
    assert_eq!(report.passed().len(), conformance::repository_cases().len(), "{report}");
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_repositories() {
    let (folder, number) = (tempfile::tempdir().unwrap(), AtomicUsize::new(0));
    conformance::repositories(|| async {
        let file = format!("{}.db", number.fetch_add(1, Ordering::Relaxed));
        Db::from(SqliteStore::open(folder.path().join(file)).unwrap())
    })
    .await;
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_repositories() {
    let Some(server) = servers::postgres() else { return };
    let mut rooms = Vec::new();
    conformance::repositories(|| {
        let room = server.database();
        let store = PostgresStore::connect(&room.url()).unwrap();
        rooms.push(room);
        async { Db::from(store) }
    })
    .await;
}

#[tokio::test]
async fn mysql_keeps_the_contract_of_repositories() {
    let Some(server) = servers::mysql() else { return };
    let mut rooms = Vec::new();
    conformance::repositories(|| {
        let room = server.database();
        let store = MysqlStore::connect(&room.url()).unwrap();
        rooms.push(room);
        async { Db::from(store) }
    })
    .await;
}
