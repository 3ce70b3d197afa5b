//! A command on an aggregate with ten events: load, decide, append.

use bailiwick::{
    App, Clock, Expected,
    store::{Append, Commit},
};
use sqlx::SqliteConnection;

use super::{
    super::{
        accounts::{Account, Deposit, envelopes, line, lines, stream},
        peers,
        setting::{alone, of},
        support::{Area, Case, Gate, Mode, Side},
        work::{BEFORE, Work},
    },
    by_hand::{fold, insert, prepare, select},
    database::{Ours, Plain},
};

pub fn cases(area: &mut Area, mode: Mode) {
    let (times, rounds) = (of(mode, 40, 20), area.args().rounds as u64);
    let accounts = times * (rounds + 1) * 2;
    area.case(&format!("command on 10 events, {}", mode.name()), || {
        Case::database(times, pooled(mode, accounts))
            .side(limit(mode, accounts))
            .side(ours(mode, accounts))
            .beside(peers::sides(Work::Command(accounts / 2), mode))
            .gate(Gate::must("ours", of(mode, 1.00, 1.10), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.85, 1.00), "base"))
    });
}

fn account(number: u64) -> String {
    format!("account-{number}")
}

fn prepared(mode: Mode, accounts: u64) -> Plain {
    let (plain, clock) = (Plain::new(mode), Clock::system());
    let events: Vec<_> = (1..=accounts).flat_map(|number| lines(&clock, &account(number), BEFORE)).collect();
    prepare(&mut plain.direct(), &events);
    plain
}

fn pooled(mode: Mode, accounts: u64) -> Side {
    let (runtime, clock, plain) = (alone(), Clock::system(), prepared(mode, accounts));
    let pool = runtime.block_on(plain.pool(4));
    let mut next = 0;
    Side::new("base", move |timer, times| {
        timer.each(times, || {
            runtime.block_on(async {
                next += 1;
                let account = account(next);
                assert_eq!(fold(&select(&account).fetch_all(&pool).await.unwrap()), BEFORE as u64);
                let line = line(&clock, &account, BEFORE + 1);
                insert(&line).execute(&pool).await.unwrap().rows_affected()
            })
        })
    })
    .proved(move || plain.count() - accounts * BEFORE as u64)
}

fn limit(mode: Mode, accounts: u64) -> Side {
    let (runtime, clock, plain) = (alone(), Clock::system(), prepared(mode, accounts));
    let mut held = runtime.block_on(plain.held());
    let mut next = 0;
    Side::new("limit", move |timer, times| {
        timer.each(times, || {
            next += 1;
            runtime.block_on(deposit(&mut held, &clock, account(next)))
        })
    })
    .proved(move || plain.count() - accounts * BEFORE as u64)
}

async fn deposit(held: &mut SqliteConnection, clock: &Clock, account: String) -> u64 {
    assert_eq!(fold(&select(&account).fetch_all(&mut *held).await.unwrap()), BEFORE as u64);
    let line = line(clock, &account, BEFORE + 1);
    insert(&line).execute(held).await.unwrap().rows_affected()
}

fn ours(mode: Mode, accounts: u64) -> Side {
    let runtime = alone();
    let ours = runtime.block_on(Ours::new(mode));
    let app = runtime.block_on(async {
        let clock = Clock::system();
        for number in 1..=accounts {
            let stream = stream(account(number));
            let append = Append { stream, expected: Expected::NoStream, events: envelopes(&clock, BEFORE) };
            ours.store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
        }
        App::builder().any_store(ours.store.clone()).aggregate::<Account>().build().await.unwrap()
    });
    let mut next = 0;
    Side::new("ours", move |timer, times| {
        timer.each(times, || {
            next += 1;
            runtime.block_on(app.send(Deposit { account: account(next), cents: 1 })).unwrap();
            1
        })
    })
    .proved(move || ours.count() - accounts * BEFORE as u64)
}
