//! Appends: one, ten, a hundred events in one commit.

use bailiwick::{
    Clock, Expected,
    store::{Append, Commit},
};

use super::{
    super::{
        accounts::{envelopes, lines, stream},
        peers,
        setting::{alone, of},
        support::{Area, Case, Gate, Mode, Side},
        work::Work,
    },
    by_hand::{insert, insert_lines, insert_many},
    database::{Ours, Plain},
};

pub fn cases(area: &mut Area, mode: Mode) {
    let guarded = of(mode, GUARD.0, GUARD.1) * SLACK;
    let musts = [(1, guarded), (10, guarded), (100, ENCODING)];
    let moonshots = [of(mode, 0.25, 0.50), of(mode, 0.25, 0.55), of(mode, 0.28, 0.40)];
    for ((events, must), moonshot) in musts.into_iter().zip(moonshots) {
        area.case(&format!("append {events}, {}", mode.name()), || {
            Case::database(of(mode, 40, 20), pooled(mode, events))
                .side(limit(mode, events))
                .side(ours(mode, events))
                .beside(peers::sides(Work::Append(events), mode))
                .gate(Gate::must("ours", must, "limit"))
                .gate(Gate::moonshot("ours", moonshot, "base"))
        });
    }
}

/// What it costs to look at the version before a position is given, relaxed and durable; the limit does not look.
const GUARD: (f64, f64) = (1.27, 1.14);
/// A gate lies so much above what it was derived from.
const SLACK: f64 = 1.1;
/// A hundred events share one look at the version; what is left are encoding and metadata.
const ENCODING: f64 = 1.2;

/// Names of streams that no call before had.
fn fresh(next: &mut u64) -> String {
    *next += 1;
    format!("account-{next}")
}

fn pooled(mode: Mode, events: i64) -> Side {
    let (runtime, clock, plain) = (alone(), Clock::system(), Plain::new(mode));
    let pool = runtime.block_on(plain.pool(4));
    let mut next = 0;
    Side::new("base", move |timer, times| {
        timer.each(times, || {
            runtime.block_on(async {
                let lines = lines(&clock, &fresh(&mut next), events);
                if let [line] = &lines[..] {
                    return insert(line).execute(&pool).await.unwrap().rows_affected();
                }
                let (mut rows, mut transaction) = (0, pool.begin().await.unwrap());
                for line in &lines {
                    rows += insert(line).execute(&mut *transaction).await.unwrap().rows_affected();
                }
                transaction.commit().await.unwrap();
                rows
            })
        })
    })
    .proved(move || plain.count())
}

fn limit(mode: Mode, events: i64) -> Side {
    let (runtime, clock, plain) = (alone(), Clock::system(), Plain::new(mode));
    let mut held = runtime.block_on(plain.held());
    let text = insert_many(usize::try_from(events).unwrap());
    let mut next = 0;
    Side::new("limit", move |timer, times| {
        timer.each(times, || runtime.block_on(insert_lines(&mut held, text, &lines(&clock, &fresh(&mut next), events))))
    })
    .proved(move || plain.count())
}

fn ours(mode: Mode, events: i64) -> Side {
    let (runtime, clock) = (alone(), Clock::system());
    let ours = runtime.block_on(Ours::new(mode));
    let store = ours.store.clone();
    let mut next = 0;
    Side::new("ours", move |timer, times| {
        timer.each(times, || {
            runtime.block_on(async {
                let stream = stream(fresh(&mut next));
                let append = Append { stream, expected: Expected::NoStream, events: envelopes(&clock, events) };
                let committed = store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
                committed.appends[0].0.get()
            })
        })
    })
    .proved(move || ours.count())
}
