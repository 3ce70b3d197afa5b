//! A store whose callers live in several runtimes, of which only one runs: a connection is driven by the runtime that opened
//! it, and must not be left to another one.

use std::time::Duration;

use bailiwick::{
    Clock, Expected, Position,
    envelope::{Envelope, EventKind, Metadata, StreamId},
    sql::{MysqlStore, PostgresStore, SqliteStore},
    store::{AnyStore, Append, Commit},
};
use tests::servers;
use tokio::runtime::{Builder, Runtime};

/// Beyond this, nobody answers.
const SILENCE: Duration = Duration::from_secs(20);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn append(stream: u64) -> Commit {
    let event = Envelope {
        id: Clock::system().message_id(),
        name: "parcel.weighed".into(),
        version: 1,
        kind: EventKind::Domain,
        time: Clock::system().now(),
        key: None,
        metadata: Metadata::default(),
        payload: b"{}"[..].into(),
    };
    let stream = StreamId::new("parcel", stream.to_string()).unwrap();
    Commit { appends: vec![Append { stream, expected: Expected::NoStream, events: vec![event] }], ..Commit::default() }
}

fn served_by_whoever_runs(store: &AnyStore) {
    let (first, second) = (runtime(), runtime());
    first.block_on(store.migrate()).unwrap();
    for (turn, runtime) in (1_u64..).zip([&first, &second, &second, &first, &second]) {
        runtime.block_on(async {
            let work = async {
                store.commit(append(turn)).await.unwrap();
                store.read(Position::START, usize::MAX).await.unwrap()
            };
            let events =
                tokio::time::timeout(SILENCE, work).await.expect("the connection of a runtime that rests was used");
            assert_eq!(events.len() as u64, turn);
        });
    }
    second.block_on(store.close()).unwrap();
}

#[test]
fn a_store_over_sqlite_is_served_by_whoever_runs() {
    let folder = tempfile::tempdir().unwrap();
    served_by_whoever_runs(&AnyStore::new(SqliteStore::open(folder.path().join("store.db")).unwrap()));
}

#[test]
fn a_store_over_postgres_is_served_by_whoever_runs() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let options = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap();
    served_by_whoever_runs(&AnyStore::new(options.connect().unwrap()));
}

#[test]
fn a_store_over_mysql_is_served_by_whoever_runs() {
    let Some(server) = servers::mysql() else { return };
    let room = server.room();
    served_by_whoever_runs(&AnyStore::new(MysqlStore::connect(&room.url()).unwrap()));
}
