//! The peers as further sides of the cases on PostgreSQL.

mod cqrs_es;
mod disintegrate;
mod esrs;
mod evento;
mod pool;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::{
    postgres::{
        Work,
        command::BEFORE,
        database::Schema,
        snapshot::{SAVED, TAIL},
        writers::wave,
    },
    setting::{alone, together},
    support::{Mode, Side},
};

/// A store by another crate, used as its documentation says.
///
/// Accounts are told by a number; an amount is always one cent.
trait Peer: Send + Sync + Sized + 'static {
    const NAME: &'static str;
    /// Counts the stored events.
    const COUNT: &'static str;

    /// A store in an empty schema, with its tables, over so many connections.
    async fn open(schema: &Schema, connections: u32) -> Self;

    /// Appends so many events to an account that has none, in one commit, and answers how many.
    fn append(&self, account: u64, events: i64) -> impl Future<Output = u64> + Send;

    /// Loads an account of [`BEFORE`] events, decides, and appends one; answers how many.
    async fn deposit(&self, account: u64) -> u64;

    /// Loads an account and answers its cents.
    async fn load(&self, account: u64) -> u64;
}

/// A peer that stores snapshots.
trait Saving: Peer {
    /// Counts the stored snapshots.
    const SNAPSHOTS: &'static str;

    /// Appends [`SAVED`] events to the first account, stores a snapshot, and appends [`TAIL`] more.
    async fn save(&self);

    /// Loads the first account through its snapshot and answers its cents.
    async fn load_saved(&self) -> u64;
}

/// A side of each peer.
pub fn sides(work: Work, mode: Mode) -> Vec<Side> {
    if matches!(work, Work::Snapshot) {
        return vec![saved::<cqrs_es::Store>(mode), saved::<disintegrate::Store>(mode)];
    }
    vec![
        side::<cqrs_es::Store>(work, mode),
        side::<esrs::Store>(work, mode),
        side::<evento::Store>(work, mode),
        side::<disintegrate::Store>(work, mode),
    ]
}

fn side<P: Peer>(work: Work, mode: Mode) -> Side {
    match work {
        Work::Append(events) => append::<P>(mode, events),
        Work::Command(accounts) => command::<P>(mode, accounts),
        Work::Load(events) => load::<P>(mode, events),
        Work::Snapshot => unreachable!("not every peer has snapshots"),
        Work::Writers(each) => writers::<P>(mode, each),
    }
}

fn append<P: Peer>(mode: Mode, events: i64) -> Side {
    let (runtime, schema) = (alone(), Schema::new(mode));
    let peer = runtime.block_on(P::open(&schema, 4));
    let mut next = 0;
    Side::new(P::NAME, move |timer, times| {
        timer.each(times, || {
            next += 1;
            runtime.block_on(peer.append(next, events))
        })
    })
    .proved(move || schema.count(P::COUNT))
}

fn command<P: Peer>(mode: Mode, accounts: u64) -> Side {
    let (runtime, schema) = (alone(), Schema::new(mode));
    let peer = runtime.block_on(P::open(&schema, 4));
    for account in 1..=accounts {
        runtime.block_on(peer.append(account, BEFORE));
    }
    let mut next = 0;
    Side::new(P::NAME, move |timer, times| {
        timer.each(times, || {
            next += 1;
            runtime.block_on(peer.deposit(next))
        })
    })
    .proved(move || schema.count(P::COUNT) - accounts * BEFORE.unsigned_abs())
}

fn load<P: Peer>(mode: Mode, events: i64) -> Side {
    let (runtime, schema) = (alone(), Schema::new(mode));
    let peer = runtime.block_on(P::open(&schema, 4));
    runtime.block_on(peer.append(1, events));
    assert_eq!(schema.count(P::COUNT), events.unsigned_abs());
    Side::new(P::NAME, move |timer, times| {
        let _schema = &schema;
        timer.each(times, || runtime.block_on(peer.load(1)))
    })
}

fn saved<P: Saving>(mode: Mode) -> Side {
    let (runtime, schema) = (alone(), Schema::new(mode));
    let peer = runtime.block_on(P::open(&schema, 4));
    runtime.block_on(peer.save());
    assert_eq!((schema.count(P::COUNT), schema.count(P::SNAPSHOTS)), ((SAVED + TAIL).unsigned_abs(), 1));
    Side::new(P::NAME, move |timer, times| {
        let _schema = &schema;
        timer.each(times, || runtime.block_on(peer.load_saved()))
    })
}

fn writers<P: Peer>(mode: Mode, each: u64) -> Side {
    let (runtime, schema) = (together(), Schema::new(mode));
    let peer = Arc::new(runtime.block_on(P::open(&schema, 8)));
    let next = Arc::new(AtomicU64::new(1));
    Side::new(P::NAME, move |timer, times| {
        let call = |_| appending(peer.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, 8, call))
    })
    .proved(move || schema.count(P::COUNT))
}

async fn appending<P: Peer>(peer: Arc<P>, next: Arc<AtomicU64>, each: u64) -> u64 {
    let mut events = 0;
    for _ in 0..each {
        events += peer.append(next.fetch_add(1, Ordering::Relaxed), 1).await;
    }
    events
}
