//! The wire cut at the moment of the commit.

use std::time::Duration;

use bailiwick::{
    Envelope, Error, ErrorKind, Expected, Store, Version,
    sql::PostgresStore,
    store::{Commit, Committed, DeadLetter, DeadLetterChange, DeadSource, DeadState, ModelKey, OutboxMessage},
};
use futures_util::future::join_all;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tests::{
    proxy::{Fate, Proxy},
    servers::{self, Room},
};

use super::support::{judge, open};
use crate::bookings::{booking, bookings, event};

/// What the client sends as the last of a commit: the word, or the statement itself with its payload.
const COMMITS: [&[u8]; 2] = [b"COMMIT\0", b"xxxxxxxx"];
const FATES: [Fate; 3] = [Fate::Lost, Fate::Sent, Fate::Answered];

/// A store behind a proxy.
async fn behind_a_proxy(room: &Room) -> (PostgresStore, Proxy) {
    let (proxy, url) = Proxy::before(&room.url()).await;
    (open(&url, room.name()).await, proxy)
}

/// A commit with a transaction of its own for the first mark, or one that is a single statement.
fn commit(mark: &[u8], expected: Expected, event: Envelope) -> Commit {
    let mut commit = booking("a", expected, event);
    if mark != COMMITS[0] {
        commit.models.clear();
    }
    commit
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_was_lost_is_settled_and_happens_once() {
    let Some(server) = servers::postgres() else { return };
    for mark in COMMITS {
        let room = server.room();
        let (store, proxy) = behind_a_proxy(&room).await;
        let mut version = Version::NONE;
        for (round, fate) in FATES.into_iter().cycle().take(12).enumerate() {
            proxy.cut_at(mark, fate);
            let done = store.commit(commit(mark, Expected::at(version), event(40))).await.unwrap();
            assert_eq!(proxy.cuts(), round + 1, "{fate:?}");
            assert_eq!(done.appends[0].0.get(), round as u64 + 1, "{fate:?}");
            version = done.appends[0].0;
        }
        if mark == COMMITS[0] {
            assert_eq!(bookings(&store, "a").await, 12);
        }
        store.close().await.unwrap();
        assert_eq!(judge(&room.url(), room.name(), &[]).await.len(), 12);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_events_whose_answer_was_lost_is_settled_and_happens_once() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (store, proxy) = behind_a_proxy(&room).await;
    for (round, fate) in FATES.into_iter().cycle().take(12).enumerate() {
        proxy.cut_at(COMMITS[0], fate);
        let Commit { models, outbox, .. } = booking("a", Expected::Any, event(40));
        let dead = vec![DeadLetterChange::Park(Box::new(letter(outbox[0].clone())))];
        let done = store.commit(Commit { models, dead, ..Commit::default() }).await.unwrap();
        assert_eq!(proxy.cuts(), round + 1, "{fate:?}");
        let letters = store.dead_letters(0, usize::MAX >> 1).await.unwrap();
        let key = ModelKey { tenant: None, model: "bookings", key: "a".into(), generation: None };
        let counted = store.model(key).await.unwrap().unwrap().value;
        assert_eq!((counted, letters.len()), ((round + 1).to_string().into_bytes(), round + 1), "{fate:?}");
        assert_eq!(done.parked, [letters[round].no], "{fate:?}");
    }
    store.close().await.unwrap();
}

fn letter(message: OutboxMessage) -> DeadLetter {
    let parked_at = message.envelope.time;
    let (source, state) = (DeadSource::Outbox, DeadState::Failed);
    DeadLetter { no: 0, source, state, message, attempts: 1, code: "test/no".into(), error: "no".into(), parked_at }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_nobody_can_ask_after_is_unknown_and_repeating_it_has_one_effect() {
    let Some(server) = servers::postgres() else { return };
    let cases = COMMITS.into_iter().flat_map(|mark| FATES.map(|fate| (mark, fate)));
    let cases = cases.flat_map(|(mark, fate)| [Expected::NoStream, Expected::Any].map(|kind| (mark, fate, kind)));
    // At once: each of them is asked after for seconds.
    join_all(cases.map(|(mark, fate, expected)| one_effect(&server, mark, fate, expected))).await;
}

async fn one_effect(server: &servers::Server, mark: &[u8], fate: Fate, expected: Expected) {
    let room = server.room();
    let (store, proxy) = behind_a_proxy(&room).await;
    let event = event(40);
    proxy.refuse_after_cut();
    proxy.cut_at(mark, fate);
    let error = store.commit(commit(mark, expected, event.clone())).await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("db/commit_unknown", ErrorKind::UnknownOutcome), "{fate:?}");
    proxy.admit();
    let repeated = repeat(&store, || commit(mark, expected, event.clone())).await;
    match (fate, &repeated) {
        (Fate::Lost, Ok(_)) | (Fate::Sent, Ok(_)) => {}
        (Fate::Sent | Fate::Answered, Err(error)) => {
            let code = if expected == Expected::Any { "store/duplicate_event" } else { "store/conflict" };
            assert_eq!(error.code(), code, "{fate:?}");
        }
        other => panic!("{other:?}"),
    }
    if mark == COMMITS[0] {
        assert_eq!(bookings(&store, "a").await, 1);
    }
    store.close().await.unwrap();
    assert_eq!(judge(&room.url(), room.name(), &[]).await, [event.id]);
}

/// Repeats a commit until a database that has other work, too, takes it.
async fn repeat(store: &PostgresStore, commit: impl Fn() -> Commit) -> Result<Committed, Error> {
    loop {
        match store.commit(commit()).await {
            Err(error) if error.code() == "db/unavailable" => {}
            answer => return answer,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_the_server_still_works_on_is_not_taken_for_one_that_did_not_happen() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (store, proxy) = behind_a_proxy(&room).await;
    let mut holder = PgConnection::connect(&room.url()).await.unwrap();
    let lock = format!("BEGIN; LOCK TABLE {}.bw_event IN EXCLUSIVE MODE", room.name());
    holder.execute(sqlx::raw_sql(AssertSqlSafe(lock))).await.unwrap();
    proxy.cut_at(COMMITS[1], Fate::Sent);
    let release = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        holder.execute("COMMIT").await.unwrap();
    };
    let (done, ()) = futures_util::join!(store.commit(commit(COMMITS[1], Expected::NoStream, event(40))), release);
    assert_eq!((done.unwrap().appends[0].0.get(), proxy.cuts()), (1, 1));
    store.close().await.unwrap();
    assert_eq!(judge(&room.url(), room.name(), &[]).await.len(), 1);
}
