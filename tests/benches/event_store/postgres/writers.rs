//! Many callers at once, each on streams of its own.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bailiwick::{
    Clock, Expected,
    store::{AnyStore, Append, Commit},
};
use sqlx::{PgConnection, PgPool};
use tokio::{runtime::Runtime, sync::Mutex, task::JoinSet};

use super::{
    super::{
        accounts::{envelopes, lines, stream},
        peers,
        setting::{of, together},
        support::{Area, Case, Gate, Mode, Side},
    },
    Work,
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
            .sides(peers::sides(Work::Writers(each), mode))
            .gate(Gate::must("ours", of(mode, 0.80, 0.95), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.62, 0.80), "base"))
    });
    area.case(&format!("PostgreSQL, 64 callers, per event, {}", mode.name()), || {
        Case::database(5, pooled(mode, 64, 4))
            .parts(64 * 4)
            .side(ours(mode, 64, 4))
            .gate(Gate::must("ours", of(mode, 0.50, 0.40), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.40, 0.29), "base"))
    });
}

/// The number of the next stream; tasks share it.
type Next = Arc<AtomicU64>;

fn fresh(next: &Next) -> String {
    format!("account-{}", next.fetch_add(1, Ordering::Relaxed))
}

/// Runs a task per caller and adds up what they answer.
pub fn wave<F>(runtime: &Runtime, callers: usize, call: impl Fn(usize) -> F) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        (0..callers).for_each(|caller| drop(tasks.spawn(call(caller))));
        tasks.join_all().await.into_iter().sum()
    })
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
    let pool = runtime.block_on(plain.pool(8));
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

async fn through_store(store: AnyStore, next: Next, each: u64) -> u64 {
    let clock = Clock::system();
    let mut rows = 0;
    for _ in 0..each {
        let append =
            Append { stream: stream(fresh(&next)), expected: Expected::NoStream, events: envelopes(&clock, 1) };
        let committed = store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
        rows += committed.appends.len() as u64;
    }
    rows
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
