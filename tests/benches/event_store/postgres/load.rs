//! Reading an aggregate of a hundred and of a thousand events.

use bailiwick::{
    App, Clock, Expected,
    store::{Append, Commit},
};

use super::{
    super::{
        accounts::{Account, envelopes, lines, stream},
        peers,
        setting::{alone, of},
        support::{Area, Case, Gate, Mode, Side},
        work::Work,
    },
    by_hand::{fold, insert_many, select},
    database::{Ours, Plain},
};

const ACCOUNT: &str = "account-1";

pub fn cases(area: &mut Area, mode: Mode) {
    let rows = [(100, 40, (0.95, 0.95), 0.80), (1_000, 8, (1.05, 1.10), of(mode, 0.85, 0.90))];
    for (events, times, must, moonshot) in rows {
        area.case(&format!("PostgreSQL, load {events}, {}", mode.name()), || {
            Case::database(times, pooled(mode, events))
                .side(limit(mode, events))
                .side(ours(mode, events))
                .beside(peers::sides(Work::Load(events), mode))
                .gate(Gate::must("ours", of(mode, must.0, must.1), "base"))
                .gate(Gate::moonshot("ours", moonshot, "base"))
        });
    }
}

fn prepared(mode: Mode, events: i64) -> Plain {
    let (plain, runtime) = (Plain::new(mode), alone());
    let lines = lines(&Clock::system(), ACCOUNT, events);
    runtime.block_on(async { insert_many(&mut plain.held().await, &lines).await });
    plain
}

fn pooled(mode: Mode, events: i64) -> Side {
    let (runtime, plain) = (alone(), prepared(mode, events));
    let pool = runtime.block_on(plain.pool(4));
    Side::new("base", move |timer, times| {
        let _schema = &plain;
        timer.each(times, || runtime.block_on(async { fold(&select(ACCOUNT).fetch_all(&pool).await.unwrap()) }))
    })
}

fn limit(mode: Mode, events: i64) -> Side {
    let (runtime, plain) = (alone(), prepared(mode, events));
    let mut held = runtime.block_on(plain.held());
    Side::new("limit", move |timer, times| {
        let _schema = &plain;
        timer.each(times, || runtime.block_on(async { fold(&select(ACCOUNT).fetch_all(&mut held).await.unwrap()) }))
    })
}

fn ours(mode: Mode, events: i64) -> Side {
    let (runtime, ours) = (alone(), Ours::new(mode));
    let events = envelopes(&Clock::system(), events);
    let append = Append { stream: stream(ACCOUNT), expected: Expected::NoStream, events };
    runtime.block_on(ours.store.commit(Commit { appends: vec![append], ..Commit::default() })).unwrap();
    let app = App::builder().any_store(ours.store.clone()).aggregate::<Account>().build();
    let app = runtime.block_on(app).unwrap();
    Side::new("ours", move |timer, times| {
        let _schema = &ours;
        timer.each(times, || runtime.block_on(async { app.load::<Account>(ACCOUNT).await.unwrap().cents }))
    })
}
