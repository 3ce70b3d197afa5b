//! Reading an aggregate from a snapshot of a thousand events, and ten events after it.

use bailiwick::{
    App, Clock, Command, Expected, aggregate,
    store::{Append, Commit},
};
use serde::{Deserialize, Serialize};
use sqlx::{Executor as _, Postgres, Row as _};

use super::{
    super::{
        accounts::{AccountError, AccountEvent, deposited, envelopes, lines, stream},
        peers,
        setting::{alone, of},
        support::{Area, Case, Gate, Mode, Side},
    },
    Work,
    by_hand::{fold, insert_many, select_after},
    database::{Ours, Plain},
};

/// Events that the snapshot holds.
pub const SAVED: i64 = 1_000;
/// Events after it.
pub const TAIL: i64 = 10;

const ACCOUNT: &str = "account-1";

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
            .sides(peers::sides(Work::Snapshot, mode))
            .gate(Gate::must("ours", of(mode, 0.85, 0.95), "base"))
            .gate(Gate::moonshot("ours", of(mode, 0.72, 0.80), "base"))
    });
}

#[derive(Command, Debug, Clone)]
struct Cross {
    #[target]
    account: String,
}

#[derive(Default, Debug, Serialize, Deserialize)]
struct Saved {
    cents: u64,
}

#[aggregate(
    name = "account", id = String, event = AccountEvent, error = AccountError, snapshot(every = 1000, version = 1)
)]
impl Saved {
    #[handle]
    fn cross(&self, command: Cross) -> Result<AccountEvent, AccountError> {
        let _target = command.account;
        Ok(deposited(1))
    }

    #[apply(Deposited)]
    fn on_deposited(&mut self, cents: &u64, reference: &str, branch: &str, note: &str) {
        let _read = (reference, branch, note);
        self.cents += cents;
    }
}

fn prepared(mode: Mode) -> Plain {
    let (plain, runtime) = (Plain::new(mode), alone());
    let lines = lines(&Clock::system(), ACCOUNT, SAVED + TAIL);
    let state = serde_json::to_vec(&Saved { cents: SAVED.unsigned_abs() }).unwrap();
    runtime.block_on(async {
        let mut held = plain.held().await;
        insert_many(&mut held, &lines).await;
        held.execute(TABLE).await.unwrap();
        sqlx::query(INSERT).bind(ACCOUNT).bind(SAVED).bind(state).execute(&mut held).await.unwrap();
    });
    plain
}

fn state(row: &sqlx::postgres::PgRow) -> (i64, Saved) {
    (row.get(0), serde_json::from_slice(row.get(1)).unwrap())
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
                let (version, saved) = state(&snapshot().fetch_one(&pool).await.unwrap());
                saved.cents + fold(&select_after(ACCOUNT, version).fetch_all(&pool).await.unwrap())
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
                let (version, saved) = state(&snapshot().fetch_one(&mut held).await.unwrap());
                saved.cents + fold(&select_after(ACCOUNT, version).fetch_all(&mut held).await.unwrap())
            })
        })
    })
}

/// The command that crosses a thousand stores the snapshot.
fn ours(mode: Mode) -> Side {
    let (runtime, ours, clock) = (alone(), Ours::new(mode), Clock::system());
    let append =
        |events| Append { stream: stream(ACCOUNT), expected: Expected::Any, events: envelopes(&clock, events) };
    let app = runtime.block_on(async {
        let before = Commit { appends: vec![append(SAVED - 1)], ..Commit::default() };
        ours.store.commit(before).await.unwrap();
        let app = App::builder().any_store(ours.store.clone()).aggregate::<Saved>().build().await.unwrap();
        app.send(Cross { account: ACCOUNT.into() }).await.unwrap();
        ours.store.commit(Commit { appends: vec![append(TAIL)], ..Commit::default() }).await.unwrap();
        app
    });
    assert_eq!(ours.snapshots(), 1);
    Side::new("ours", move |timer, times| {
        let _schema = &ours;
        timer.each(times, || runtime.block_on(async { app.load::<Saved>(ACCOUNT).await.unwrap().cents }))
    })
}
