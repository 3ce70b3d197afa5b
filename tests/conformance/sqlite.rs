//! The store over an SQLite file.

use std::path::Path;

use bailiwick::{
    Store,
    sql::{SqliteStore, Synchronous},
    store::AnyStore,
    testing::conformance,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_over_sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::store(|| {
        number += 1;
        let store = SqliteStore::open(folder.path().join(format!("{number}.db"))).unwrap();
        async { AnyStore::new(store) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_over_sqlite_with_one_reader_and_without_waiting_for_the_disk_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::store(|| {
        number += 1;
        let path = folder.path().join(format!("{number}.db"));
        let store = SqliteStore::options(path).readers(1).synchronous(Synchronous::Normal).open().unwrap();
        async { AnyStore::new(store) }
    })
    .await;
}

#[tokio::test]
async fn a_database_without_tables_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("a.db")).unwrap();
    let (written, read) = (store.commit(bailiwick::store::Commit::default()).await, store.counts().await);
    for error in [written.unwrap_err(), read.unwrap_err()] {
        assert_eq!(error.code(), "sql/not_migrated");
        assert!(error.to_string().contains(".migrate()"), "{error}");
    }
    store.migrate().await.unwrap();
    store.counts().await.unwrap();
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open(&path).unwrap();
    store.migrate().await.unwrap();
    store.close().await.unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    database.execute("INSERT INTO bw_schema (version, name, applied_at) VALUES (1000, 'later', 0)", []).unwrap();
    drop(database);
    let store = SqliteStore::open(&path).unwrap();
    let (migrated, read) = (store.migrate().await, store.counts().await);
    for error in [migrated.unwrap_err(), read.unwrap_err()] {
        assert_eq!(error.code(), "sql/schema_ahead");
        assert_eq!(error.field("database"), Some("1000"));
    }
}

#[tokio::test]
async fn what_is_no_database_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(&text, "this is a text, and by no means a database; ".repeat(100)).unwrap();
    let code = |path: &Path| SqliteStore::open(path).unwrap_err().code();
    assert_eq!(code(&text), "db/corrupt");
    assert_eq!(code(&folder.path().join("no folder").join("a.db")), "db/open");
    assert_eq!(code(folder.path()), "db/open");
    let missing = SqliteStore::open(folder.path().join("no folder").join("a.db")).unwrap_err();
    assert!(missing.to_string().starts_with("the directory of the database does not exist"), "{missing}");
    assert_eq!(code(Path::new(":memory:")), "db/config");
}

#[tokio::test]
async fn a_url_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::from_url(&format!("sqlite://{}", path.display())).unwrap();
    store.migrate().await.unwrap();
    store.close().await.unwrap();
    assert!(path.is_file());
    assert_eq!(SqliteStore::from_url("postgres://localhost/shop").unwrap_err().code(), "db/config");
}

#[tokio::test]
async fn the_log_refuses_to_be_changed_from_outside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open(&path).unwrap();
    store.migrate().await.unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    let insert =
        "INSERT INTO bw_event (checksum, tenant, category, stream, version, message, name, schema, kind, time, payload)
        VALUES (0, '', 'room', 'a', 1, zeroblob(16), 'room.opened', 1, 0, 0, x'7b7d')";
    database.execute(insert, []).unwrap();
    for statement in ["UPDATE bw_event SET name = 'room.closed'", "DELETE FROM bw_event"] {
        let error = database.execute(statement, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    assert_eq!(store.counts().await.unwrap().events, 1);
}

#[tokio::test]
async fn a_closed_store_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("a.db")).unwrap();
    store.migrate().await.unwrap();
    store.counts().await.unwrap();
    store.close().await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["a.db"]);
}
