//! How long after a commit a follower has its event.

use std::time::Duration;

use bailiwick::{
    Clock, Expected, Position,
    store::{AnyStore, Append, Commit},
};
use tokio::time::sleep;

use super::{
    accounts::{envelopes, stream},
    postgres::database::Ours,
    setting::alone,
    support::{Area, Case, Gate, Mode, Side},
    tail::Tail,
};

/// The follower never looks by itself.
const NEVER: Duration = Duration::from_secs(3_600);

/// The least time from one notice to the next.
const APART: Duration = Duration::from_millis(20);

pub fn cases(area: &mut Area) {
    area.case("wake-up, relaxed", || {
        Case::database(15, page_read())
            .median()
            .side(in_process())
            .side(across("across processes", true))
            .side(across("across processes, after a rest", false))
            .gate(Gate::must("in process", 2.0, "page read"))
            .gate(Gate::must("across processes", 2.0, "page read").and(APART))
            .gate(Gate::moonshot("in process", 1.0, "page read"))
            .gate(Gate::moonshot("across processes", 1.0, "page read").and(APART / 2))
    });
}

/// Appends one event.
async fn append(store: &AnyStore, clock: &Clock) {
    let append = Append { stream: stream("account-1"), expected: Expected::Any, events: envelopes(clock, 1) };
    store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
}

/// What a follower reads that was woken, after a rest like its own: one event is new.
fn page_read() -> Side {
    let (runtime, ours, clock) = (alone(), Ours::new(Mode::Relaxed), Clock::system());
    let mut at = Position::START;
    Side::new("page read", move |timer, times| {
        let mut events = 0;
        for _ in 0..times {
            runtime.block_on(async {
                append(&ours.store, &clock).await;
                sleep(APART + APART / 2).await;
            });
            let page = timer.time(|| runtime.block_on(ours.store.read(at, 500)).unwrap());
            at = page.last().unwrap().position;
            events += page.len() as u64;
        }
        events
    })
}

fn in_process() -> Side {
    let ours = Ours::new(Mode::Relaxed);
    let tail = Tail::with(ours.store.clone(), Some(NEVER));
    woken("in process", (ours, tail), false)
}

/// `held_back`: it comes in the middle of the pause after the notice of another commit, so that its own has to wait.
fn across(name: &'static str, held_back: bool) -> Side {
    let ours = Ours::new(Mode::Relaxed);
    let tail = Tail::of(ours.schema.store(|options| options), Some(NEVER));
    woken(name, (ours, tail), held_back)
}

/// The follower sleeps when an event is committed; what is timed is the rest of its way.
fn woken(name: &'static str, (ours, mut tail): (Ours, Tail), held_back: bool) -> Side {
    let (runtime, clock) = (alone(), Clock::system());
    let mut count = 0;
    Side::new(name, move |timer, times| {
        for _ in 0..times {
            runtime.block_on(async {
                sleep(APART + APART / 2).await;
                if held_back {
                    append(&ours.store, &clock).await;
                    count += 1;
                    tail.has(count).await;
                    sleep(APART / 2).await;
                }
                append(&ours.store, &clock).await;
                count += 1;
            });
            timer.time(|| runtime.block_on(tail.has(count)));
        }
        times
    })
}
