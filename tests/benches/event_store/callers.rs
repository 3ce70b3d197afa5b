//! Many callers at once, each on streams of its own.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bailiwick::{
    Clock, Expected,
    store::{AnyStore, Append, Commit},
};
use tokio::{runtime::Runtime, task::JoinSet};

use super::accounts::{envelopes, stream};

/// The number of the last stream; tasks share it.
pub type Next = Arc<AtomicU64>;

/// The number of a stream that nobody had.
pub fn number(next: &Next) -> u64 {
    next.fetch_add(1, Ordering::Relaxed)
}

/// Its account.
pub fn fresh(next: &Next) -> String {
    format!("account-{}", number(next))
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

/// One caller of ours: so many commits of one event each.
pub async fn through_store(store: AnyStore, next: Next, each: u64) -> u64 {
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
