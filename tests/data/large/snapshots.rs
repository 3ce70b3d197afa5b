//! Streams of one state.

use bailiwick::{
    repository::{Db, Expect, StreamMode},
    specification::Spec,
    sql::SqliteStore,
    unit_of_work::{Begin, Isolation},
};
use futures_util::TryStreamExt as _;

use super::{Wide, fill, of, tables, wide};
use crate::rows::served::{Other, db, rooms};

pub async fn a_snapshot_shows_the_rows_of_one_moment(db: &Db) {
    let acme = of(db, "acme");
    let stored = fill(&acme, 0..2_500).await;
    fill(&of(db, "other"), 10_000..10_010).await;
    let mut rows = acme.repository::<Wide>();
    let mut stream = rows.find(Spec::all()).sort(Wide::place().asc()).stream(StreamMode::Snapshot);
    let mut read = vec![stream.try_next().await.unwrap().unwrap()];
    // What is written now is of another moment, also what comes later in the order.
    acme.repository::<Wide>().insert(wide(5_000)).await.unwrap();
    acme.repository::<Wide>().delete(stored[2_000].id, Expect::Any).await.unwrap();
    acme.repository::<Wide>().delete_where(Wide::place().eq(2_400)).await.unwrap();
    while let Some(row) = stream.try_next().await.unwrap() {
        read.push(row);
    }
    assert!(read == stored, "{} rows of {}", read.len(), stored.len());
    drop(stream);
    let now: Vec<_> = rows.find(Spec::all()).stream(StreamMode::Snapshot).try_collect().await.unwrap();
    assert_eq!(now.len(), 2_499);
    let other: Vec<_> = rows.find(Wide::place().eq(10_000)).stream(StreamMode::Snapshot).try_collect().await.unwrap();
    assert_eq!(other, [], "of another tenant");
}

pub async fn a_stream_that_is_dropped_half_way_leaves_nothing_however_often(db: &Db) {
    let acme = of(db, "acme");
    fill(&acme, 0..10).await;
    let mut rows = acme.repository::<Wide>();
    for round in 0..10_000 {
        let mut stream = rows.find(Spec::all()).sort(Wide::place().asc()).stream(StreamMode::Chunked(2));
        for place in 0..round % 3 {
            assert_eq!(stream.try_next().await.unwrap().unwrap().place, place);
        }
    }
    assert_eq!(rows.find(Spec::all()).list().await.unwrap().len(), 10);
}

pub async fn in_a_unit_a_snapshot_is_what_the_unit_sees(db: &Db) {
    let acme = of(db, "acme");
    fill(&acme, 0..1_100).await;
    for begin in [Begin::read_only(), Begin::write().isolation(Isolation::RepeatableRead)] {
        let mut unit = acme.begin(begin).await.unwrap();
        let mut rows = unit.repository::<Wide>();
        let read: Vec<_> = rows.find(Spec::all()).stream(StreamMode::Snapshot).try_collect().await.unwrap();
        assert_eq!(read.len(), 1_100);
        unit.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_unit_that_sees_what_others_commit_has_no_snapshot() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let acme = of(&db, "acme");
        let mut unit = acme.begin(Begin::write()).await.unwrap();
        unit.repository::<Wide>().insert(wide(1)).await.unwrap();
        let refused = unit.repository::<Wide>().find(Spec::all()).stream(StreamMode::Snapshot).try_next().await;
        assert_eq!(refused.unwrap_err().code(), "db/streams", "{kind:?}");
        unit.commit().await.unwrap();
        assert_eq!(acme.repository::<Wide>().find(Spec::all()).list().await.unwrap().len(), 1, "nothing has failed");
        db.close().await.unwrap();
    }
}

/// With this many connections all streams but one; the others are refused at once, and get their turn when one ends.
async fn one_connection_is_left(db: &Db, most: usize) {
    let acme = of(db, "acme");
    fill(&acme, 0..3).await;
    let mut own: Vec<_> = (0..=most).map(|_| acme.repository::<Wide>()).collect();
    let (last, own) = own.split_last_mut().unwrap();
    let mut open = Vec::new();
    for rows in own {
        let mut stream = rows.find(Spec::all()).stream(StreamMode::Snapshot);
        // Three rows are less than is read at once: a stream that has them all holds nothing more.
        assert!(stream.try_next().await.unwrap().is_some());
        open.push(stream);
    }
    assert!(last.find(Spec::all()).stream(StreamMode::Snapshot).try_next().await.unwrap().is_some());
    drop(open);
    fill(&acme, 3..2_000).await;
    let mut held: Vec<_> = (0..most).map(|_| acme.repository::<Wide>()).collect();
    let mut open = Vec::new();
    for rows in &mut held {
        let mut stream = rows.find(Spec::all()).stream(StreamMode::Snapshot);
        assert!(stream.try_next().await.unwrap().is_some());
        open.push(stream);
    }
    let refused = last.find(Spec::all()).stream(StreamMode::Snapshot).try_next().await;
    assert_eq!(refused.unwrap_err().code(), "db/streams");
    assert_eq!(acme.repository::<Wide>().find(Wide::place().eq(1)).list().await.unwrap().len(), 1);
    drop(open);
    // SQLite's thread needs a moment to see that a stream was dropped.
    let mut tries = 0;
    while last.find(Spec::all()).stream(StreamMode::Snapshot).try_next().await.is_err() {
        tries += 1;
        assert!(tries < 1_000, "a dropped stream gives back what it held");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn streams_of_a_snapshot_leave_one_connection_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::options(folder.path().join("a.db")).readers(3).open().unwrap();
    let file = Db::from(store);
    file.migrate(tables()).await.unwrap();
    one_connection_is_left(&file, 2).await;
    file.close().await.unwrap();
    for (kind, room) in rooms() {
        let db = db(kind, &room, 3);
        db.migrate(tables()).await.unwrap();
        one_connection_is_left(&db, 2).await;
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_snapshot_that_is_dropped_half_way_leaves_no_connection() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let acme = of(&db, "acme");
        fill(&acme, 0..1_500).await;
        let mut rows = acme.repository::<Wide>();
        for _ in 0..200 {
            let mut stream = rows.find(Spec::all()).stream(StreamMode::Snapshot);
            assert!(stream.try_next().await.unwrap().is_some());
        }
        let mut other = Other::new(kind, &room).await;
        // A server ends a session when it notices that nobody is there any more.
        let mut tries = 0;
        while other.number(&connections(kind)).await > 12 {
            tries += 1;
            assert!(tries < 1_000, "{kind:?}: 200 streams leave no connections behind");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(rows.find(Wide::place().eq(7)).list().await.unwrap().len(), 1);
        db.close().await.unwrap();
    }
}

fn connections(kind: crate::rows::served::Kind) -> String {
    match kind {
        crate::rows::served::Kind::Postgres => {
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()".into()
        }
        crate::rows::served::Kind::Mysql => {
            "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()".into()
        }
    }
}
