//! The server killed under its writers.

use std::{collections::HashMap, time::Duration};

use bailiwick::{Position, Store, sql::MysqlStore};
use tests::servers;

use crate::load::under_kills;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_under_eight_writers_loses_no_acknowledged_event() {
    let Some(server) = servers::private_mysql() else { return };
    let open = || MysqlStore::options(server.url()).unwrap().connect_timeout(Duration::from_secs(2)).connect().unwrap();
    let store = open();
    store.migrate().await.unwrap();
    let (acknowledged, many) = under_kills(&server, store).await;
    let store = open();
    let events = store.read(Position::START, usize::MAX).await.unwrap();
    assert_eq!(events.len(), many);
    let sent = store.outbox(0, usize::MAX).await.unwrap();
    assert_eq!(sent.len(), many, "each event has its outbox row");
    let stored: HashMap<_, _> = events.iter().map(|event| (event.envelope.id, event)).collect();
    for own in acknowledged {
        let event = stored.get(&own.id).unwrap_or_else(|| panic!("an acknowledged event is lost: {own:?}"));
        assert_eq!((event.stream.id(), event.version, event.position), (&*own.stream, own.version, own.position));
    }
    store.close().await.unwrap();
}
