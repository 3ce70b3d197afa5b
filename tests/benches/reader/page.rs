//! A page of a thousand events of the global order, each decoded: what a follower reads.

use bailiwick::{
    Clock, Event as _, Expected, Position,
    envelope::StoredEvent,
    store::{Append, Commit},
};
use sqlx::{Row as _, postgres::PgRow};

use super::{
    accounts::{AccountEvent, envelopes, lines, stream},
    postgres::{
        by_hand::{fold, insert_many},
        database::{Ours, Plain},
        select_page,
    },
    setting::alone,
    support::{Area, Case, Gate, Mode, Side},
};

/// Streams, and events of each.
const STREAMS: i64 = 100;
const EVENTS: i64 = 30;
const PAGE: i64 = 1_000;

pub fn cases(area: &mut Area, mode: Mode) {
    area.case(&format!("page of 1000 without a hole, {}", mode.name()), || {
        Case::database(8, pooled(mode))
            .side(ours(mode))
            .gate(Gate::must("ours", 1.10, "base"))
            .gate(Gate::moonshot("ours", 1.03, "base"))
    });
}

fn account(number: i64) -> String {
    format!("account-{number}")
}

fn pooled(mode: Mode) -> Side {
    let (runtime, plain, clock) = (alone(), Plain::new(mode), Clock::system());
    let pool = runtime.block_on(async {
        let mut held = plain.held().await;
        for number in 1..=STREAMS {
            insert_many(&mut held, &lines(&clock, &account(number), EVENTS)).await;
        }
        plain.pool(4).await
    });
    Side::new("base", move |timer, times| {
        let _schema = &plain;
        timer.each(times, || {
            runtime.block_on(async {
                let rows = select_page(PAGE, PAGE).fetch_all(&pool).await.unwrap();
                assert_eq!(rows.len() as i64, PAGE);
                rows.iter().for_each(placed);
                fold(&rows)
            })
        })
    })
}

fn placed(row: &PgRow) {
    assert_eq!(row.get::<&str, _>(10), "account");
    assert!(!row.get::<&str, _>(11).is_empty());
}

fn ours(mode: Mode) -> Side {
    let (runtime, ours, clock) = (alone(), Ours::new(mode), Clock::system());
    let append = |number| Append {
        stream: stream(account(number)),
        expected: Expected::NoStream,
        events: envelopes(&clock, EVENTS),
    };
    for number in 1..=STREAMS {
        let commit = Commit { appends: vec![append(number)], ..Commit::default() };
        runtime.block_on(ours.store.commit(commit)).unwrap();
    }
    Side::new("ours", move |timer, times| {
        timer.each(times, || {
            let page = ours.store.read(Position::new(PAGE.unsigned_abs()), PAGE as usize);
            let page = runtime.block_on(page).unwrap();
            assert_eq!(page.len() as i64, PAGE);
            page.iter().map(cents).sum()
        })
    })
}

fn cents(event: &StoredEvent) -> u64 {
    let envelope = &event.envelope;
    let decoded = AccountEvent::decode(&envelope.name, envelope.version, &envelope.payload).unwrap();
    let AccountEvent::Deposited { cents, .. } = decoded;
    cents
}
