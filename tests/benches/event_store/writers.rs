//! Many callers at once, each on streams of its own.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bailiwick::{
    Clock, Expected,
    store::{AnyStore, Append, Commit},
};
use sqlx::{SqliteConnection, SqlitePool};
use tokio::{runtime::Runtime, sync::Mutex, task::JoinSet};

use super::{
    accounts::{envelopes, lines, stream},
    by_hand::insert,
    database::{Ours, Plain},
    setting::{of, together},
    support::{Area, Case, Gate, Mode, Side},
};

/// Eight callers; what is shown is the time per event.
pub fn eight(area: &mut Area, mode: Mode) {
    let each = of(mode, 20, 8);
    area.case(&format!("8 writers, per event, {}", mode.name()), || {
        Case::database(10, pooled("base", mode, 8, each))
            .parts(8 * each)
            .side(held(mode, 8, each))
            .side(ours(mode, 8, each))
            .gate(Gate::must("ours", 0.40, "base"))
            .gate(Gate::moonshot("ours", 0.20, "base"))
    });
}

/// Connections of a pool by hand.
const POOL: u32 = 8;

/// Sixty-four callers whose commits share the wait for the disk, beside a commit each through a pool.
pub fn grouped(area: &mut Area) {
    let (mode, each) = (Mode::Durable, 2);
    area.case("64 callers grouped, per event, durable", || {
        Case::database(3, pooled("a commit each", mode, 64, each))
            .parts(64 * each)
            .side(ours(mode, 64, each))
            .gate(Gate::must("ours", 1.0 / 12.0, "a commit each"))
            .gate(Gate::moonshot("ours", 1.0 / 20.0, "a commit each"))
    });
}

/// The number of the next stream; tasks share it.
type Next = Arc<AtomicU64>;

fn fresh(next: &Next) -> String {
    format!("account-{}", next.fetch_add(1, Ordering::Relaxed))
}

/// Runs a task per caller and adds up what they answer.
fn wave<F>(runtime: &Runtime, callers: usize, call: impl Fn(usize) -> F) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        (0..callers).for_each(|caller| drop(tasks.spawn(call(caller))));
        tasks.join_all().await.into_iter().sum()
    })
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
    let (runtime, next) = (together(), Next::default());
    let ours = runtime.block_on(Ours::new(mode));
    let store = ours.store.clone();
    Side::new("ours", move |timer, times| {
        let call = |_| through_store(store.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || ours.count())
}
