//! Reading an aggregate from a snapshot of a thousand events, and ten events after it.

use bailiwick::Clock;
use sqlx::{Executor as _, Postgres, Row as _};

use super::{
    super::{
        accounts::lines,
        peers,
        saved::{ACCOUNT, Saved, cents, fill, state},
        setting::{alone, of},
        support::{Area, Case, Gate, Mode, Side},
        work::{SAVED, TAIL, Work},
    },
    by_hand::{fold, insert_many, select_after},
    database::{Ours, Plain},
};

const TABLE: &str = "CREATE TABLE snapshot (
    tenant text, category text, stream text, version bigint NOT NULL, state bytea NOT NULL,
    PRIMARY KEY (stream, category, tenant))";

const INSERT: &str = "INSERT INTO snapshot VALUES ('', 'account', $1, $2, $3)";

const SELECT: &str = "SELECT version, state FROM snapshot WHERE tenant = $1 AND category = $2 AND stream = $3";

pub fn cases(area: &mut Area, mode: Mode) {
    area.case(&format!("PostgreSQL, snapshot of 1000 and tail, {}", mode.name()), || {
        Case::database(40, pooled(mode))
            .side(limit(mode))
            .side(ours(mode))
            .beside(peers::sides(Work::Snapshot, mode))
            .gate(Gate::must("ours", of(mode, 0.85, 0.95), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.72, 0.80), "base"))
    });
}

fn prepared(mode: Mode) -> Plain {
    let (plain, runtime) = (Plain::new(mode), alone());
    let lines = lines(&Clock::system(), ACCOUNT, SAVED + TAIL);
    runtime.block_on(async {
        let mut held = plain.held().await;
        insert_many(&mut held, &lines).await;
        held.execute(TABLE).await.unwrap();
        sqlx::query(INSERT).bind(ACCOUNT).bind(SAVED).bind(state()).execute(&mut held).await.unwrap();
    });
    plain
}

fn snapshot<'q>() -> sqlx::query::Query<'q, Postgres, sqlx::postgres::PgArguments> {
    sqlx::query(SELECT).bind("").bind("account").bind(ACCOUNT)
}

fn pooled(mode: Mode) -> Side {
    let (runtime, plain) = (alone(), prepared(mode));
    let pool = runtime.block_on(plain.pool(4));
    Side::new("base", move |timer, times| {
        let _schema = &plain;
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
        let _schema = &plain;
        timer.each(times, || {
            runtime.block_on(async {
                let row = snapshot().fetch_one(&mut held).await.unwrap();
                cents(row.get(1)) + fold(&select_after(ACCOUNT, row.get(0)).fetch_all(&mut held).await.unwrap())
            })
        })
    })
}

fn ours(mode: Mode) -> Side {
    let (runtime, ours) = (alone(), Ours::new(mode));
    let app = runtime.block_on(fill(&ours.store));
    assert_eq!(ours.snapshots(), 1);
    Side::new("ours", move |timer, times| {
        let _schema = &ours;
        timer.each(times, || runtime.block_on(async { app.load::<Saved>(ACCOUNT).await.unwrap().cents }))
    })
}
