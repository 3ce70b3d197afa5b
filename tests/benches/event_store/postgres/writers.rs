//! Many callers at once, each on streams of its own.

use std::sync::Arc;

use bailiwick::Clock;
use sqlx::{PgConnection, PgPool};
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

/// Eight callers, and sixty-four that share eight connections; what is shown is the time per event.
pub fn cases(area: &mut Area, mode: Mode) {
    let each = of(mode, 20, 8);
    area.case(&format!("PostgreSQL, 8 writers, per event, {}", mode.name()), || {
        Case::database(10, pooled(mode, 8, each))
            .parts(8 * each)
            .side(held(mode, each))
            .side(ours(mode, 8, each))
            .beside(peers::sides(Work::Writers(8, each), mode))
            .gate(Gate::must("ours", of(mode, 0.80, 0.95), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.62, 0.80), "base"))
    });
    area.case(&format!("PostgreSQL, 64 callers, per event, {}", mode.name()), || {
        Case::database(5, pooled(mode, 64, 4))
            .parts(64 * 4)
            .side(ours(mode, 64, 4))
            .beside(peers::sides(Work::Writers(64, 4), mode))
            .gate(Gate::must("ours", of(mode, 0.50, 0.40), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.40, 0.29), "base"))
    });
}

async fn through_pool(pool: PgPool, next: Next, each: u64) -> u64 {
    let clock = Clock::system();
    let mut rows = 0;
    for _ in 0..each {
        let lines = lines(&clock, &fresh(&next), 1);
        rows += insert(&lines[0]).execute(&pool).await.unwrap().rows_affected();
    }
    rows
}

/// Through eight connections.
fn pooled(mode: Mode, callers: usize, each: u64) -> Side {
    let (runtime, plain, next) = (together(), Plain::new(mode), Next::default());
    let pool = runtime.block_on(plain.pool(POOL));
    Side::new("base", move |timer, times| {
        let call = |_| through_pool(pool.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || plain.count())
}

type Held = Arc<Mutex<PgConnection>>;

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

/// Eight callers, a connection each.
fn held(mode: Mode, each: u64) -> Side {
    let (runtime, plain, next) = (together(), Plain::new(mode), Next::default());
    let connections: Vec<Held> = runtime.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..8 {
            connections.push(Arc::new(Mutex::new(plain.held().await)));
        }
        connections
    });
    Side::new("limit", move |timer, times| {
        let call = |caller: usize| through_connection(connections[caller].clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, 8, call))
    })
    .proved(move || plain.count())
}

fn ours(mode: Mode, callers: usize, each: u64) -> Side {
    let (runtime, ours, next) = (together(), Ours::new(mode), Next::default());
    let store = ours.store.clone();
    Side::new("ours", move |timer, times| {
        let call = |_| through_store(store.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || ours.count())
}
