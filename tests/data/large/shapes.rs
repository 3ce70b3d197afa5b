//! Very many statements of different shapes, and what a server keeps of them.

use std::time::Duration;

use bailiwick::{
    repository::{Count, Db},
    specification::Spec,
    sql::MysqlStore,
};
use sqlx::{Connection as _, MySqlConnection, Row as _};
use tests::servers;

use super::{Wide, of, tables};

/// What a connection keeps prepared, and how many connections there are.
const CAPACITY: u64 = 512;
const CONNECTIONS: usize = 2;

/// The condition of a number: each of its bits is a part, the first two say how parts are joined.
fn filter(number: usize) -> Spec<Wide> {
    let part = |bit: usize| match bit {
        0 => Wide::place().gt(3),
        1 => Wide::label().is_null(),
        2 => Wide::place().le(90),
        3 => Wide::label().eq("a"),
        4 => Wide::place().is_in([1, 2, 3]),
        5 => Wide::label().ne("b"),
        6 => Wide::place().ne(7),
        7 => Wide::label().is_in(&["a".to_owned()]),
        8 => Wide::place().lt(1_000),
        9 => Wide::label().is_not_null(),
        10 => Wide::place().eq(5),
        _ => Wide::place().ge(0),
    };
    let parts = (0..12).filter(|bit| number >> 2 & 1 << bit != 0).map(part);
    match number & 3 {
        0 => Spec::all_of(parts),
        1 => Spec::any_of(parts),
        2 => !Spec::all_of(parts),
        _ => !Spec::any_of(parts),
    }
}

async fn prepared(server: &mut MySqlConnection) -> u64 {
    let row = sqlx::query("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'").fetch_one(server).await.unwrap();
    row.get::<String, _>(1).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_keeps_no_more_statements_than_connections_have_room_for() {
    let Some(server) = servers::private_mysql() else { return };
    let db = Db::from(MysqlStore::options(server.url()).unwrap().readers(CONNECTIONS).connect().unwrap());
    db.migrate(tables()).await.unwrap();
    let acme = of(&db, "acme");
    super::fill(&acme, 0..50).await;
    for number in 1..=300 {
        acme.repository::<Wide>().find(filter(number << 2)).count(Count::Exact).await.unwrap();
    }
    let mut other = MySqlConnection::connect(server.url()).await.unwrap();
    let before = prepared(&mut other).await;
    assert!(before >= 300 / CONNECTIONS as u64, "{before}: statements are kept");
    let tasks = (0..CONNECTIONS).map(|task| {
        let acme = acme.clone();
        tokio::spawn(async move {
            for call in 0..3_000 / CONNECTIONS {
                let number = (call * CONNECTIONS + task).wrapping_mul(0x9E37_79B9) >> 7 & 0x3FFF;
                acme.repository::<Wide>().find(filter(number)).count(Count::Exact).await.unwrap();
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut most = 0;
    while !tasks.iter().all(tokio::task::JoinHandle::is_finished) {
        most = most.max(prepared(&mut other).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    most = most.max(prepared(&mut other).await);
    // The connections of the log and of units have few statements of their own.
    assert!(most <= CAPACITY * CONNECTIONS as u64 + 64, "{most} statements");
    assert!(most > CAPACITY, "{most} statements: there were more shapes than room");
    db.close().await.unwrap();
}
