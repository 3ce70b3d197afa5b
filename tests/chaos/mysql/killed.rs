//! The server killed under its writers, and writers killed.

use tests::servers;

use super::support::{judge, open};
use crate::{
    appender::{killed_ten_times, start},
    bookings::Acknowledged,
    load::under_kills,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_under_eight_writers_loses_no_acknowledged_event() {
    let Some(server) = servers::private_mysql() else { return };
    let (acknowledged, events) = under_kills(&server, open(server.url()).await).await;
    assert_eq!(judge(server.url(), &acknowledged).await.len(), events);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_killed_ten_times_loses_no_acknowledged_event() {
    let Some(server) = servers::mysql() else { return };
    let room = server.room();
    let start = || start(&room.url(), "");
    let judge = async |all: &[Acknowledged]| judge(&room.url(), all).await;
    killed_ten_times(open(&room.url()).await, start, judge).await;
}
