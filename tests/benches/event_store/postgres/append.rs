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
    by_hand::{insert, insert_many},
    database::{Ours, Plain},
};

pub fn cases(area: &mut Area, mode: Mode) {
    let musts = [of(mode, 0.80, 1.15), of(mode, 0.75, 0.85), of(mode, 1.05, 1.10)];
    let moonshots = [of(mode, 0.65, 0.95), of(mode, 0.62, 0.70), of(mode, 0.90, 0.95)];
    for ((events, must), moonshot) in [1, 10, 100].into_iter().zip(musts).zip(moonshots) {
        area.case(&format!("PostgreSQL, append {events}, {}", mode.name()), || {
            Case::database(of(mode, 40, 20), pooled(mode, events))
                .side(limit(mode, events))
                .side(ours(mode, events))
                .beside(peers::sides(Work::Append(events), mode))
                .gate(Gate::must("ours", must, "base"))
                .gate(Gate::moonshot("ours", moonshot, "base"))
        });
    }
}

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
    let mut next = 0;
    Side::new("limit", move |timer, times| {
        timer.each(times, || {
            runtime.block_on(async {
                let lines = lines(&clock, &fresh(&mut next), events);
                match &lines[..] {
                    [line] => insert(line).execute(&mut held).await.unwrap().rows_affected(),
                    lines => insert_many(&mut held, lines).await,
                }
            })
        })
    })
    .proved(move || plain.count())
}

fn ours(mode: Mode, events: i64) -> Side {
    let (runtime, clock) = (alone(), Clock::system());
    let ours = Ours::new(mode);
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
