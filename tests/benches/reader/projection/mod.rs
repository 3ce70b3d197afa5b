//! A projection that follows: its rows and the checkpoint are one transaction for each page.

mod plain;
mod same_sql;

use std::{
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bailiwick::{
    BoxError, Clock, Expected, ReadModel, Recorded, Transaction, projection,
    projection::Follower,
    store::{Append, Commit},
};
use tokio::sync::Notify;

use super::{
    accounts::{AccountEvent, envelopes, stream},
    postgres::database::Ours,
    setting::alone,
    support::{Area, Case, Gate, Mode, Side},
};

/// Streams, and pages of events before the follower begins.
const STREAMS: u64 = 100;
const PAGES: u64 = 20;
/// Events of a page, each of another stream in turn.
const PAGE: i64 = 500;
const ALL: u64 = PAGES * PAGE.unsigned_abs();

pub fn cases(area: &mut Area, mode: Mode) {
    area.case(&format!("async projection, per event, {}", mode.name()), || {
        Case::database(2, same_sql::side(mode))
            .parts(ALL)
            .side(plain::side(mode))
            .side(stepped(mode))
            .side(run(mode))
            .gate(Gate::must("ours", 1.0 / 0.80, "the same SQL by hand"))
            .gate(Gate::moonshot("ours", 1.0 / 0.95, "the same SQL by hand"))
    });
}

const SUMS: ReadModel<u64> = ReadModel::new("sums");

/// Adds up what is paid into each account.
#[derive(Default)]
struct Sums {
    count: AtomicU64,
    done: Arc<Notify>,
}

#[projection(name = "sums", version = 1)]
impl Sums {
    #[project]
    async fn deposited(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let AccountEvent::Deposited { cents, .. } = **event;
        let origin = event.origin().ok_or("an event without a stream")?;
        tx.update(SUMS, origin.stream.id(), move |sum| *sum += cents);
        if (self.count.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(ALL) {
            self.done.notify_one();
        }
        Ok(())
    }
}

fn account(number: u64) -> String {
    format!("account-{number}")
}

/// Appends all, the streams in turn.
async fn append(ours: &Ours, clock: &Clock) {
    for _ in 0..ALL / STREAMS {
        let append = |number| {
            let (stream, events) = (stream(account(number)), envelopes(clock, 1));
            Append { stream, expected: Expected::Any, events }
        };
        let appends = (1..=STREAMS).map(append).collect();
        ours.store.commit(Commit { appends, ..Commit::default() }).await.unwrap();
    }
}

/// The sum of the rows of the read model.
fn sums(ours: &Ours) -> u64 {
    ours.schema.count("SELECT sum(convert_from(value, 'UTF8')::int8)::int8 FROM bw_read_model")
}

/// A store, the projection's follower, and what tells that it has had all.
struct Following {
    ours: Ours,
    follower: Follower,
    done: Arc<Notify>,
    clock: Clock,
}

impl Following {
    fn new(mode: Mode) -> Self {
        let (ours, sums) = (Ours::new(mode), Sums::default());
        let done = sums.done.clone();
        Self { follower: Follower::new(ours.store.clone(), sums), done, ours, clock: Clock::system() }
    }
}

/// One page after the other, without a lease.
fn stepped(mode: Mode) -> Side {
    let (runtime, following) = (alone(), Rc::new(Following::new(mode)));
    let proof = following.clone();
    Side::new("ours, without a lease", move |timer, times| {
        let piece = |_| {
            runtime.block_on(append(&following.ours, &following.clock));
            timer.time(|| {
                runtime.block_on(async { while following.follower.step().await.unwrap().events > 0 {} });
            });
            ALL
        };
        (0..times).map(piece).sum()
    })
    .proved(move || sums(&proof.ours))
}

/// As an application runs it: it takes the lease, and gives it back.
fn run(mode: Mode) -> Side {
    let (runtime, following) = (alone(), Rc::new(Following::new(mode)));
    let proof = following.clone();
    Side::new("ours", move |timer, times| {
        let piece = |_| {
            runtime.block_on(append(&following.ours, &following.clock));
            timer.time(|| runtime.block_on(following.follower.run(following.done.notified())));
            ALL
        };
        (0..times).map(piece).sum()
    })
    .proved(move || sums(&proof.ours))
}
