//! Reading an aggregate from a snapshot of a thousand events, and ten events after it.

use bailiwick::Clock;
use sqlx::{Row as _, Sqlite, query::Query, sqlite::SqliteArguments};

use super::{
    super::{
        accounts::lines,
        peers,
        saved::{ACCOUNT, Saved, cents, fill, state},
        setting::alone,
        support::{Area, Case, Gate, Mode, Side},
        work::{SAVED, TAIL, Work},
    },
    by_hand::{fold, prepare, select_after},
    database::{Ours, Plain},
};

const TABLE: &str = "CREATE TABLE snapshot (
    tenant TEXT NOT NULL, category TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, state BLOB NOT NULL,
    PRIMARY KEY (tenant, category, stream)
) STRICT";

const INSERT: &str = "INSERT INTO snapshot VALUES ('', 'account', ?1, ?2, ?3)";

const SELECT: &str = "SELECT version, state FROM snapshot WHERE tenant = ?1 AND category = ?2 AND stream = ?3";

pub fn cases(area: &mut Area, mode: Mode) {
    area.case(&format!("snapshot of 1000 and tail, {}", mode.name()), || {
        Case::database(40, pooled(mode))
            .side(limit(mode))
            .side(ours(mode))
            .beside(peers::sides(Work::Snapshot, mode))
            .gate(Gate::must("ours", 0.90, "base"))
            .gate(Gate::moonshot("ours", 0.70, "base"))
    });
}

fn prepared(mode: Mode) -> Plain {
    let plain = Plain::new(mode);
    let mut connection = plain.direct();
    prepare(&mut connection, &lines(&Clock::system(), ACCOUNT, SAVED + TAIL));
    connection.execute_batch(TABLE).unwrap();
    connection.execute(INSERT, (ACCOUNT, SAVED, state())).unwrap();
    plain
}

fn snapshot<'q>() -> Query<'q, Sqlite, SqliteArguments> {
    sqlx::query(SELECT).bind("").bind("account").bind(ACCOUNT)
}

fn pooled(mode: Mode) -> Side {
    let (runtime, plain) = (alone(), prepared(mode));
    let pool = runtime.block_on(plain.pool(4));
    Side::new("base", move |timer, times| {
        let _file = &plain;
        timer.each(times, || {
            runtime.block_on(async {
                let row = snapshot().fetch_one(&pool).await.unwrap();
                cents(row.get(1)) + fold(&select_after(ACCOUNT, row.get(0)).fetch_all(&pool).await.unwrap())
            })
        })
    })
}

fn limit(mode: Mode) -> Side {
    let (runtime, plain) = (alone(), prepared(mode));
    let mut held = runtime.block_on(plain.held());
    Side::new("limit", move |timer, times| {
        let _file = &plain;
        timer.each(times, || {
            runtime.block_on(async {
                let row = snapshot().fetch_one(&mut held).await.unwrap();
                cents(row.get(1)) + fold(&select_after(ACCOUNT, row.get(0)).fetch_all(&mut held).await.unwrap())
            })
        })
    })
}

fn ours(mode: Mode) -> Side {
    let runtime = alone();
    let ours = runtime.block_on(Ours::new(mode));
    let app = runtime.block_on(fill(&ours.store));
    assert_eq!(ours.snapshots(), 1);
    Side::new("ours", move |timer, times| {
        let _file = &ours;
        timer.each(times, || runtime.block_on(async { app.load::<Saved>(ACCOUNT).await.unwrap().cents }))
    })
}
