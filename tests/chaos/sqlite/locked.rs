//! Another process that holds the lock.

use std::time::{Duration, Instant};

use bailiwick::{Expected, Store, sql::SqliteStore};
use futures_util::future::join_all;

use super::{
    child::{lines, start},
    support::{book, bookings, event, judge, open},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_held_too_long_is_a_transient_error_and_then_work_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    open(&path).await.close().await.unwrap();
    let timeout = Duration::from_millis(300);
    let store = SqliteStore::options(&path).lock_timeout(timeout).open().unwrap();
    let mut holder = start("hold", &path);
    let mut said = lines(&mut holder);
    assert!(said.any(|line| line.ends_with("held")));

    let begun = Instant::now();
    let streams = ["a", "b", "c"];
    let refused = join_all(streams.map(|id| book(&store, id, Expected::NoStream, event(10)))).await;
    for answer in refused {
        let error = answer.unwrap_err();
        assert!(error.is_transient() && error.code() == "db/busy", "{error:?}");
        assert!(error.field("file").is_some_and(|file| file.ends_with("a.db")));
    }
    assert!(begun.elapsed() >= timeout && begun.elapsed() < timeout * 10, "waited {:?}", begun.elapsed());
    assert_eq!(bookings(&store, "a").await, 0, "readers go on");

    std::fs::write(path.with_extension("go"), "").unwrap();
    assert!(holder.wait().unwrap().success());
    let mut own = Vec::new();
    for id in streams {
        own.push(book(&store, id, Expected::NoStream, event(10)).await.unwrap());
    }
    store.close().await.unwrap();
    assert_eq!(judge(&path, &own).await.len(), streams.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_held_for_a_while_only_delays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path).await;
    let mut holder = start("hold", &path);
    let mut said = lines(&mut holder);
    assert!(said.any(|line| line.ends_with("held")));
    let release = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        std::fs::write(path.with_extension("go"), "").unwrap();
    };
    let (answer, ()) = futures_util::join!(book(&store, "a", Expected::NoStream, event(10)), release);
    assert_eq!(answer.unwrap().version.get(), 1);
    assert!(holder.wait().unwrap().success());
}
