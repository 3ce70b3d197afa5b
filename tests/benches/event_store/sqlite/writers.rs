//! Many callers at once, each on streams of its own.

use std::sync::Arc;

use bailiwick::Clock;
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

use super::{
    super::{
        accounts::lines,
        callers::{Next, fresh, through_store, wave},
        peers,
        setting::{of, together},
        support::{Area, Case, Gate, Mode, Side},
        work::{POOL, Work},
    },
    by_hand::insert,
    database::{Ours, Plain},
};

/// Eight callers; what is shown is the time per event.
pub fn eight(area: &mut Area, mode: Mode) {
    let each = of(mode, 20, 8);
    area.case(&format!("8 writers, per event, {}", mode.name()), || {
        Case::database(10, pooled("base", mode, 8, each))
            .parts(8 * each)
            .side(held(mode, 8, each))
            .side(ours(mode, 8, each))
            .beside(peers::sides(Work::Writers(8, each), mode))
            .gate(Gate::must("ours", 0.40, "base"))
            .gate(Gate::moonshot("ours", 0.20, "base"))
    });
}

/// Sixty-four callers whose commits share the wait for the disk, beside a commit each through a pool.
pub fn grouped(area: &mut Area) {
    let (mode, each) = (Mode::Durable, 2);
    area.case("64 callers grouped, per event, durable", || {
        Case::database(3, pooled("a commit each", mode, 64, each))
            .parts(64 * each)
            .side(ours(mode, 64, each))
            .beside(peers::sides(Work::Writers(64, each), mode))
            .gate(Gate::must("ours", 1.0 / 12.0, "a commit each"))
            .gate(Gate::moonshot("ours", 1.0 / 20.0, "a commit each"))
    });
}

async fn through_pool(pool: SqlitePool, next: Next, each: u64) -> u64 {
    let clock = Clock::system();
    let mut rows = 0;
    for _ in 0..each {
        let lines = lines(&clock, &fresh(&next), 1);
        rows += insert(&lines[0]).execute(&pool).await.unwrap().rows_affected();
    }
    rows
}

fn pooled(name: &'static str, mode: Mode, callers: usize, each: u64) -> Side {
    let (runtime, plain, next) = (together(), Plain::new(mode), Next::default());
    let pool = runtime.block_on(plain.pool(POOL));
    Side::new(name, move |timer, times| {
        let call = |_| through_pool(pool.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || plain.count())
}

type Held = Arc<Mutex<SqliteConnection>>;

async fn through_connection(held: Held, next: Next, each: u64) -> u64 {
    let clock = Clock::system();
    let mut held = held.lock().await;
    let mut rows = 0;
    for _ in 0..each {
        let lines = lines(&clock, &fresh(&next), 1);
        rows += insert(&lines[0]).execute(&mut *held).await.unwrap().rows_affected();
    }
    rows
}

fn held(mode: Mode, callers: usize, each: u64) -> Side {
    let (runtime, plain, next) = (together(), Plain::new(mode), Next::default());
    let connections: Vec<Held> = runtime.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..callers {
            connections.push(Arc::new(Mutex::new(plain.held().await)));
        }
        connections
    });
    Side::new("limit", move |timer, times| {
        let call = |caller: usize| through_connection(connections[caller].clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || plain.count())
}

fn ours(mode: Mode, callers: usize, each: u64) -> Side {
    let (runtime, next) = (together(), Next::default());
    let ours = runtime.block_on(Ours::new(mode));
    let store = ours.store.clone();
    Side::new("ours", move |timer, times| {
        let call = |_| through_store(store.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || ours.count())
}
