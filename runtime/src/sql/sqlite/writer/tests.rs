//! What the outside cannot see: our own panics, a COMMIT that fails, a COMMIT in doubt.

use rusqlite::{Connection, ffi};
use tempfile::TempDir;

use super::writer::{Writer, settle::settle};
use crate::{
    error::{Error, ErrorKind},
    sql::{
        sqlite::{
            classify::Failure,
            connection::{Session, Use},
            migrate::migrate,
            options::SqliteOptions,
        },
        threads::Threads,
    },
};

struct World {
    folder: TempDir,
    threads: Threads,
    writer: Writer,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut threads = Threads::default();
        let writer = Writer::start(options(&folder), &mut threads).unwrap();
        writer.alone(migrate).await.unwrap();
        let world = Self { folder, threads, writer };
        world.run("CREATE TABLE parent (id INTEGER PRIMARY KEY)").await.unwrap();
        let child = "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)";
        world.run(child).await.unwrap();
        world
    }

    async fn run(&self, sql: &'static str) -> Result<(), Error> {
        self.writer.write(0, move |db| Ok(db.execute_batch(sql)?)).await
    }

    async fn panic(&self) -> Result<(), Error> {
        self.writer
            .write(0, |_: &Connection| -> Result<(), Failure> { std::panic::resume_unwind(Box::new("ours")) })
            .await
    }

    fn children(&self) -> i64 {
        let database = Connection::open(&options(&self.folder).path).unwrap();
        database.query_row("SELECT count(*) FROM child", [], |row| row.get(0)).unwrap()
    }

    async fn end(self) {
        self.writer.close();
        self.threads.join().await;
    }
}

fn options(folder: &TempDir) -> SqliteOptions {
    SqliteOptions::new(folder.path().join("a.db"))
}

const ORPHAN: &str = "INSERT INTO child (id) VALUES (7)";
const CHILD: &str = "INSERT INTO child (id) VALUES (NULL)";

#[tokio::test]
async fn a_panic_of_ours_fails_its_group_and_not_the_thread() {
    let world = World::new().await;
    let (before, panicked, after) =
        futures_util::join!(world.run(CHILD), world.panic(), world.run("INSERT INTO parent (id) VALUES (1)"));
    let error = panicked.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("store/panicked", ErrorKind::Internal));
    let written = i64::from(before.is_ok());
    assert_eq!(world.children(), written, "who was told of success has written, and nobody else");
    assert!(after.is_ok() || after.unwrap_err().code() == "store/panicked");
    world.run(CHILD).await.unwrap();
    assert_eq!(world.children(), written + 1);
    let alone = world.writer.alone(|_| -> Result<(), Error> { std::panic::resume_unwind(Box::new("ours")) }).await;
    assert_eq!(alone.unwrap_err().code(), "store/panicked");
    world.run(CHILD).await.unwrap();
    world.end().await;
}

/// Three works at once: what became of each.
async fn beside(world: &World, bad: &'static str) -> [Result<(), Error>; 3] {
    futures_util::join!(world.run(CHILD), world.run(bad), world.run(CHILD)).into()
}

#[tokio::test]
async fn who_refers_to_nothing_at_commit_is_refused_and_those_beside_are_not() {
    let world = World::new().await;
    assert_eq!(
        world.run(ORPHAN).await.unwrap_err().code(),
        "repository/foreign_key",
        "the check is deferred to COMMIT"
    );
    let [before, orphan, after] = beside(&world, ORPHAN).await;
    before.unwrap();
    after.unwrap();
    let error = orphan.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("repository/foreign_key", ErrorKind::Invalid));
    assert_eq!(world.children(), 2);
    world.end().await;
}

#[tokio::test]
async fn who_meets_a_trigger_that_rolls_back_is_refused_and_those_beside_are_not() {
    let world = World::new().await;
    let trigger = "CREATE TRIGGER never BEFORE INSERT ON parent BEGIN SELECT RAISE(ROLLBACK, 'never'); END";
    world.run(trigger).await.unwrap();
    for bad in [
        "INSERT INTO parent (id) VALUES (1)",
        "INSERT INTO child (id) VALUES (NULL); INSERT INTO parent (id) VALUES (1)",
    ] {
        let [before, refused, after] = beside(&world, bad).await;
        before.unwrap();
        after.unwrap();
        assert!(!refused.unwrap_err().is_unknown_outcome(), "nothing was written, and that is known");
    }
    assert_eq!(world.children(), 4);
    world.end().await;
}

#[tokio::test]
async fn a_database_that_may_not_grow_is_a_transient_error_and_work_goes_on() {
    let world = World::new().await;
    let grow =
        "INSERT INTO child (id) SELECT NULL FROM json_each('[' || replace(hex(zeroblob(50000)), '00', '1,') || '1]')";
    world.run("PRAGMA max_page_count = 60").await.unwrap();
    let error = world.run(grow).await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("db/full", ErrorKind::Transient));
    assert_eq!(world.children(), 0);
    world.run(grow).await.unwrap(); // the limit went with the connection
    assert_eq!(world.children(), 50_001);
    world.end().await;
}

#[tokio::test]
async fn work_that_ends_the_transaction_is_in_doubt_and_the_next_is_not() {
    let world = World::new().await;
    let error = world.run("ROLLBACK").await.unwrap_err();
    assert!(error.is_unknown_outcome());
    world.run(CHILD).await.unwrap();
    assert_eq!(world.children(), 1);
    world.end().await;
}

#[test]
fn a_commit_in_doubt_is_failed_if_it_can_be_overwritten_and_unknown_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::new(options(&folder), Use::Write);
    let io = || rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_FSYNC), None);
    assert!(settle(&mut session, io()).is_unknown_outcome(), "there is no table to write to");
    migrate(&mut session).unwrap();
    let error = settle(&mut session, io());
    assert_eq!((error.code(), error.kind()), ("db/io", ErrorKind::Transient));
    let full = rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_FULL), None);
    assert_eq!(settle(&mut session, full).code(), "db/full");
}
