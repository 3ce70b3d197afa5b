//! The peers as further sides of the cases, over any database.

use std::sync::Arc;

use super::{
    super::{
        callers::{Next, number, wave},
        setting::{alone, together},
        support::{Mode, Side},
        work::{BEFORE, POOL, SAVED, TAIL, Work},
    },
    Place, filled,
};

/// A store by another crate, used as its documentation says.
///
/// Accounts are told by a number; an amount is always one cent.
pub trait Peer: Send + Sync + Sized + 'static {
    const NAME: &'static str;
    /// Counts the stored events.
    const COUNT: &'static str;

    /// A store in an empty place, with its tables, over so many connections.
    async fn open(place: &Place, connections: u32) -> Self;

    /// Appends so many events to an account that has none, in one commit, and answers how many.
    fn append(&self, account: u64, events: i64) -> impl Future<Output = u64> + Send;

    /// Loads an account of [`BEFORE`] events, decides, and appends one; answers how many.
    async fn deposit(&self, account: u64) -> u64;

    /// Loads an account and answers its cents.
    async fn load(&self, account: u64) -> u64;
}

/// A peer that stores snapshots.
pub trait Saving: Peer {
    /// Counts the stored snapshots.
    const SNAPSHOTS: &'static str;

    /// Appends [`SAVED`] events to the first account, stores a snapshot, and appends [`TAIL`] more.
    async fn save(&self);

    /// Loads the first account through its snapshot and answers its cents.
    async fn load_saved(&self) -> u64;
}

/// A peer as a side.
pub fn side<P: Peer>(work: Work, mode: Mode) -> Side {
    match work {
        Work::Append(events) => append::<P>(mode, events),
        Work::Command(accounts) => command::<P>(mode, accounts),
        Work::Load(events) => load::<P>(mode, events),
        Work::Snapshot => unreachable!("not every peer has snapshots"),
        Work::Writers(callers, each) => writers::<P>(mode, callers, each),
    }
}

fn append<P: Peer>(mode: Mode, events: i64) -> Side {
    let (runtime, place) = (alone(), Place::new(mode));
    let peer = runtime.block_on(P::open(&place, 4));
    let mut next = 0;
    Side::new(P::NAME, move |timer, times| {
        timer.each(times, || {
            next += 1;
            runtime.block_on(peer.append(next, events))
        })
    })
    .proved(move || place.count(P::COUNT))
}

fn command<P: Peer>(mode: Mode, accounts: u64) -> Side {
    let (runtime, place) = (alone(), Place::new(mode));
    let peer = runtime.block_on(P::open(&place, 4));
    for account in 1..=accounts {
        runtime.block_on(peer.append(account, BEFORE));
    }
    filled(&place);
    let mut next = 0;
    Side::new(P::NAME, move |timer, times| {
        timer.each(times, || {
            next += 1;
            runtime.block_on(peer.deposit(next))
        })
    })
    .proved(move || place.count(P::COUNT) - accounts * BEFORE.unsigned_abs())
}

fn load<P: Peer>(mode: Mode, events: i64) -> Side {
    let (runtime, place) = (alone(), Place::new(mode));
    let peer = runtime.block_on(P::open(&place, 4));
    runtime.block_on(peer.append(1, events));
    assert_eq!(place.count(P::COUNT), events.unsigned_abs());
    filled(&place);
    Side::new(P::NAME, move |timer, times| {
        let _place = &place;
        timer.each(times, || runtime.block_on(peer.load(1)))
    })
}

/// A peer as the side that reads a snapshot.
pub fn saved<P: Saving>(mode: Mode) -> Side {
    let (runtime, place) = (alone(), Place::new(mode));
    let peer = runtime.block_on(P::open(&place, 4));
    runtime.block_on(peer.save());
    assert_eq!((place.count(P::COUNT), place.count(P::SNAPSHOTS)), ((SAVED + TAIL).unsigned_abs(), 1));
    filled(&place);
    Side::new(P::NAME, move |timer, times| {
        let _place = &place;
        timer.each(times, || runtime.block_on(peer.load_saved()))
    })
}

fn writers<P: Peer>(mode: Mode, callers: usize, each: u64) -> Side {
    let (runtime, place, next) = (together(), Place::new(mode), Next::default());
    let peer = Arc::new(runtime.block_on(P::open(&place, POOL)));
    Side::new(P::NAME, move |timer, times| {
        let call = |_| appending(peer.clone(), next.clone(), each);
        timer.each(times, || wave(&runtime, callers, call))
    })
    .proved(move || place.count(P::COUNT))
}

async fn appending<P: Peer>(peer: Arc<P>, next: Next, each: u64) -> u64 {
    let mut events = 0;
    for _ in 0..each {
        events += peer.append(number(&next), 1).await;
    }
    events
}
