//! Those who write.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bailiwick::{
    Clock, Expected, Version,
    store::{AnyStore, Append, Commit, checksum},
};
use sqlx::{ConnectOptions as _, Executor as _, PgConnection};
use tokio::{task::JoinSet, time::sleep};

use super::super::{
    accounts::{SPEC, envelopes, stream},
    postgres::database::Ours,
};

const WRITERS: usize = 8;

const INSERT: &str =
    "INSERT INTO bw_event (checksum, tenant, category, stream, version, message, name, schema, kind, time, payload)
    VALUES ($1, '', 'account', $2, 1, $3, $4, $5, 0, $6, $7)";

/// How a transaction goes, by its number.
enum Kind {
    /// By hand, 120 ms long: one in 300.
    Long,
    /// By hand, and rolled back: 4 %.
    RolledBack,
    ByHand,
    Store,
}

impl Kind {
    const fn of(number: u64) -> Self {
        match number {
            _ if number.is_multiple_of(300) => Self::Long,
            _ if number % 25 == 12 => Self::RolledBack,
            _ if number.is_multiple_of(2) => Self::Store,
            _ => Self::ByHand,
        }
    }
}

/// Writes so many transactions, each an event of a new stream; answers how long the longest took.
pub async fn write(ours: &Ours, transactions: u64) -> Duration {
    let (left, mut writers) = (Arc::new(AtomicU64::new(transactions)), JoinSet::new());
    for _ in 0..WRITERS {
        let db = ours.schema.options().connect().await.unwrap();
        writers.spawn(writer(db, ours.store.clone(), left.clone()));
    }
    writers.join_all().await.into_iter().max().unwrap()
}

async fn writer(mut db: PgConnection, store: AnyStore, left: Arc<AtomicU64>) -> Duration {
    let (clock, mut longest) = (Clock::system(), Duration::ZERO);
    let next = || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).ok();
    while let Some(number) = next() {
        let begun = Instant::now();
        match Kind::of(number) {
            Kind::Store => append(&store, &clock, number).await,
            Kind::Long => transaction(&mut db, insert(&clock, number), ("COMMIT", Duration::from_millis(120))).await,
            Kind::RolledBack => transaction(&mut db, insert(&clock, number), ("ROLLBACK", Duration::ZERO)).await,
            Kind::ByHand => transaction(&mut db, insert(&clock, number), ("COMMIT", Duration::ZERO)).await,
        }
        longest = longest.max(begun.elapsed());
    }
    longest
}

async fn append(store: &AnyStore, clock: &Clock, number: u64) {
    let stream = stream(format!("account-{number}"));
    let append = Append { stream, expected: Expected::NoStream, events: envelopes(clock, 1) };
    store.commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
}

type Insert = sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// What another program inserts.
fn insert(clock: &Clock, number: u64) -> Insert {
    let (stream, event) = (stream(format!("account-{number}")), envelopes(clock, 1).remove(0));
    let sum = checksum(None, &stream, Version::new(1), &event).unwrap();
    sqlx::query(INSERT)
        .bind(sum.cast_signed())
        .bind(stream.id().to_owned())
        .bind(*event.id.as_uuid())
        .bind(SPEC.name)
        .bind(i64::from(SPEC.version))
        .bind(event.time.as_micros())
        .bind(event.payload.to_vec())
}

async fn transaction(db: &mut PgConnection, insert: Insert, (end, lasts): (&'static str, Duration)) {
    db.execute("BEGIN").await.unwrap();
    db.execute(insert).await.unwrap();
    if !lasts.is_zero() {
        sleep(lasts).await;
    }
    db.execute(end).await.unwrap();
}
