//! The server killed under its writers, and writers killed.

use std::collections::HashSet;

use bailiwick::Store;
use tests::servers;

use super::{
    child::{self, TASKS},
    support::{judge, open},
};
use crate::{
    bookings::bookings,
    load::under_kills,
    sqlite::child::{acknowledged, lines},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_under_eight_writers_loses_no_acknowledged_event() {
    let Some(server) = servers::private_postgres() else { return };
    let store = open(server.url(), "chaos").await;
    let (acknowledged, events) = under_kills(&server, store).await;
    assert_eq!(judge(server.url(), "chaos", &acknowledged).await.len(), events);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_killed_ten_times_loses_no_acknowledged_event() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let mut all = Vec::new();
    for round in 0..10 {
        let mut child = child::start(&room.url(), room.name());
        let mut said = lines(&mut child);
        let enough = 5 + round * 29;
        all.extend(said.by_ref().filter_map(|line| acknowledged(&line)).take(enough));
        child.kill().unwrap();
        all.extend(said.filter_map(|line| acknowledged(&line)));
        child.wait().unwrap();
        assert!(all.len() >= enough);
        let stored = judge(&room.url(), room.name(), &all).await;
        let known: HashSet<_> = all.iter().map(|own| own.id).collect();
        let silent = stored.iter().filter(|id| !known.contains(id)).count();
        assert!(silent <= TASKS * (round + 1), "{silent} events were never acknowledged");
    }
    let store = open(&room.url(), room.name()).await;
    let streams: HashSet<_> = all.iter().map(|own| own.stream.clone()).collect();
    for stream in streams {
        bookings(&store, &stream).await;
    }
    store.close().await.unwrap();
}
