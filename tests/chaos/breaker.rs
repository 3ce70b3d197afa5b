//! A server that is killed and comes back while a database is used.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bailiwick::{
    entity::Entity,
    repository::{Db, Migrations},
    resilience::{Breaker, BreakerOptions, BreakerState, Health},
    sql::{MysqlStore, PostgresStore},
};
use tests::servers::{self, Private};
use tokio::time::{sleep, timeout};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "lamp")]
struct Lamp {
    #[id]
    #[col(max = 20)]
    name: String,
}

const CALLERS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(2);

fn breaker() -> Breaker {
    Breaker::new("chaos", BreakerOptions::default().open_for(Duration::from_millis(500)))
}

/// Waits for a state, without asking the database.
async fn becomes(breaker: &Breaker, state: BreakerState) {
    let start = Instant::now();
    while breaker.state() != state {
        assert!(start.elapsed() < Duration::from_secs(90), "{breaker:?} is not {state}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// Reads and writes until the end, and gives up every fifth call at once, so that probes are given up, too.
async fn call(db: Db, ends: Arc<AtomicBool>, done: Arc<AtomicUsize>) {
    let mut number = 0_usize;
    while !ends.load(Ordering::SeqCst) {
        number += 1;
        let limit = if number.is_multiple_of(5) { Duration::from_micros(300) } else { Duration::from_secs(60) };
        let mut lamps = db.repository::<Lamp>();
        if let Ok(Ok(_)) = timeout(limit, lamps.try_get("none".into())).await {
            done.fetch_add(1, Ordering::SeqCst);
        }
        let taken = timeout(limit, lamps.insert(NewLamp { name: "taken".into() })).await;
        if let Ok(Err(error)) = taken {
            assert_ne!(error.code(), "store/closed");
        }
        sleep(Duration::from_millis(2)).await;
    }
}

async fn opens_and_closes(server: &Private, db: Db, breaker: Breaker) {
    db.migrate(Migrations::new().ddl::<Lamp>("0001_lamp")).await.unwrap();
    db.repository::<Lamp>().insert(NewLamp { name: "taken".into() }).await.unwrap();
    let (ends, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let callers: Vec<_> =
        (0..CALLERS).map(|_| tokio::spawn(call(db.clone(), Arc::clone(&ends), Arc::clone(&done)))).collect();
    // Half of the calls are answered by a duplicate, which says nothing of the server.
    while done.load(Ordering::SeqCst) < 200 {
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(breaker.state(), BreakerState::Closed);
    for _ in 0..2 {
        server.kill();
        becomes(&breaker, BreakerState::Open).await;
        assert_eq!(db.health().await.status, Health::Unhealthy);
        server.restart();
        becomes(&breaker, BreakerState::Closed).await;
        let before = done.load(Ordering::SeqCst);
        let start = Instant::now();
        while done.load(Ordering::SeqCst) < before + 50 {
            assert!(start.elapsed() < Duration::from_secs(90), "nobody is served");
            sleep(Duration::from_millis(5)).await;
        }
    }
    ends.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_comes_back_is_probed_and_used_again() {
    let Some(server) = servers::private_postgres() else { return };
    let breaker = breaker();
    let options = PostgresStore::options(server.url()).unwrap().notices(false).connect_timeout(PATIENCE);
    let db = Db::from(options.breaker(breaker.clone()).connect().unwrap());
    opens_and_closes(&server, db, breaker).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mysql_that_comes_back_is_probed_and_used_again() {
    let Some(server) = servers::private_mysql() else { return };
    let breaker = breaker();
    let options = MysqlStore::options(server.url()).unwrap().connect_timeout(PATIENCE);
    let db = Db::from(options.breaker(breaker.clone()).connect().unwrap());
    opens_and_closes(&server, db, breaker).await;
}
