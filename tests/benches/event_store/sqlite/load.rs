//! Reading an aggregate of a hundred and of a thousand events.

use bailiwick::{
    App, Clock, Expected,
    store::{Append, Commit, Load},
};

use super::{
    super::{
        accounts::{Account, envelopes, lines, stream},
        peers,
        setting::{alone, of},
        support::{Area, Case, Gate, Mode, Side},
        work::Work,
    },
    by_hand::{fold, fold_fewer, prepare, select, select_fewer},
    database::{Ours, Plain},
};

const ACCOUNT: &str = "account-1";

pub fn cases(area: &mut Area, mode: Mode) {
    for (events, times, must, moonshot) in [(100, 40, 0.85, 0.70), (1_000, 8, 1.05, 0.90)] {
        area.case(&format!("load {events}, {}", mode.name()), || {
            Case::database(of(mode, times, times), pooled(mode, events))
                .side(limit(mode, events))
                .side(few_columns(mode, events))
                .side(store(mode, events))
                .side(ours(mode, events))
                .beside(peers::sides(Work::Load(events), mode))
                .gate(Gate::must("ours", must, "base"))
                .gate(Gate::moonshot("ours", moonshot, "base"))
        });
    }
}

fn prepared(mode: Mode, events: i64) -> Plain {
    let plain = Plain::new(mode);
    prepare(&mut plain.direct(), &lines(&Clock::system(), ACCOUNT, events));
    plain
}

fn pooled(mode: Mode, events: i64) -> Side {
    let (runtime, plain) = (alone(), prepared(mode, events));
    let pool = runtime.block_on(plain.pool(4));
    Side::new("base", move |timer, times| {
        let _file = &plain;
        timer.each(times, || runtime.block_on(async { fold(&select(ACCOUNT).fetch_all(&pool).await.unwrap()) }))
    })
}

fn limit(mode: Mode, events: i64) -> Side {
    let (runtime, plain) = (alone(), prepared(mode, events));
    let mut held = runtime.block_on(plain.held());
    Side::new("limit", move |timer, times| {
        let _file = &plain;
        timer.each(times, || runtime.block_on(async { fold(&select(ACCOUNT).fetch_all(&mut held).await.unwrap()) }))
    })
}

fn few_columns(mode: Mode, events: i64) -> Side {
    let (runtime, plain) = (alone(), prepared(mode, events));
    let mut held = runtime.block_on(plain.held());
    Side::new("limit, 3 columns", move |timer, times| {
        let _file = &plain;
        timer.each(times, || {
            runtime.block_on(async { fold_fewer(&select_fewer(ACCOUNT).fetch_all(&mut held).await.unwrap()) })
        })
    })
}

async fn filled(mode: Mode, events: i64) -> Ours {
    let ours = Ours::new(mode).await;
    let append =
        Append { stream: stream(ACCOUNT), expected: Expected::NoStream, events: envelopes(&Clock::system(), events) };
    ours.store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
    ours
}

/// The rows alone, as envelopes, not decoded.
fn store(mode: Mode, events: i64) -> Side {
    let runtime = alone();
    let ours = runtime.block_on(filled(mode, events));
    Side::new("ours, undecoded", move |timer, times| {
        let _file = &ours;
        timer.each(times, || {
            runtime.block_on(async {
                ours.store.load(Load::all(None, stream(ACCOUNT))).await.unwrap().events.len() as u64
            })
        })
    })
}

fn ours(mode: Mode, events: i64) -> Side {
    let runtime = alone();
    let ours = runtime.block_on(filled(mode, events));
    let app = App::builder().any_store(ours.store.clone()).aggregate::<Account>().build();
    let app = runtime.block_on(app).unwrap();
    Side::new("ours", move |timer, times| {
        let _file = &ours;
        timer.each(times, || runtime.block_on(async { app.load::<Account>(ACCOUNT).await.unwrap().cents }))
    })
}
