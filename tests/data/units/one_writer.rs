//! What is promised where one thread writes, and what SQLite alone does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    Error,
    repository::{Db, Migrations, Scoped},
    sql::SqliteStore,
    unit_of_work::{Begin, Retry},
};

use super::{Placed, repeated::Trouble, written};
use crate::rows::shop::{NewOrder, Order, new, shop, tables};

fn database(folder: &tempfile::TempDir) -> Db {
    patient(folder, Duration::from_millis(100))
}

fn patient(folder: &tempfile::TempDir, timeout: Duration) -> Db {
    let options = SqliteStore::options(folder.path().join("shop.db")).lock_timeout(timeout);
    Db::from(options.open().unwrap())
}

async fn with(step: &str) -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let db = database(&folder);
    db.migrate(tables().sql("0004_more", step)).await.unwrap();
    (db, folder)
}

#[tokio::test]
async fn where_sqlite_ends_the_transaction_nothing_more_of_the_unit_is_executed() {
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON orders WHEN NEW.pieces = 13
                BEGIN SELECT RAISE(ROLLBACK, 'no'); END";
    let (db, _folder) = with(trap).await;
    let shop = shop(&db, "acme");
    for deep in [false, true] {
        let mut unit = shop.begin(Begin::write()).await.unwrap();
        unit.repository::<Order>().insert(new(1)).await.unwrap();
        let unlucky = || NewOrder { pieces: Some(13), ..new(2) };
        if deep {
            let part = unit.savepoint(async |inner| inner.repository::<Order>().insert(unlucky()).await).await;
            part.unwrap().unwrap_err();
        } else {
            unit.repository::<Order>().insert(unlucky()).await.unwrap_err();
        }
        for _ in 0..2 {
            let error = unit.repository::<Order>().insert(new(3)).await.unwrap_err();
            assert_eq!(error.code(), "unit/dead", "{error:?}");
        }
        let part = unit.savepoint(async |_| Ok::<_, Error>(())).await.map(drop);
        assert_eq!(part.unwrap_err().code(), "unit/dead");
        assert_eq!(unit.commit().await.unwrap_err().code(), "unit/dead");
        assert_eq!(written(&db, &shop).await, (0, 0));
    }
    shop.repository::<Order>().insert(new(1)).await.unwrap();
}

/// Fills the disk at the first attempt; what follows has a new connection, and space.
async fn fill(shop: &Scoped, attempts: &AtomicU32) -> Result<(), Error> {
    shop.in_tx(Retry::default(), async |unit| {
        let rows = if attempts.fetch_add(1, Ordering::SeqCst) == 0 { 1_000 } else { 1 };
        for number in 1..=rows {
            if let Err(error) = unit.repository::<Order>().insert(new(number)).await {
                assert_eq!(error.code(), "db/full");
                let after = unit.repository::<Order>().insert(new(number)).await.unwrap_err();
                assert_eq!(after.code(), "unit/dead");
                return Err(error);
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_the_disk_is_full_the_unit_is_dead_and_the_next_one_is_not() {
    let (db, _folder) = with("PRAGMA max_page_count = 1").await; // no more pages than there are
    let (shop, attempts) = (shop(&db, "acme"), AtomicU32::new(0));
    fill(&shop, &attempts).await.unwrap();
    assert_eq!(attempts.load(Ordering::SeqCst), 2);
    assert_eq!(written(&db, &shop).await.0, 1);
}

#[tokio::test]
async fn what_the_domain_refuses_takes_no_retry_from_what_the_database_delays() {
    let (db, _folder) = with("PRAGMA max_page_count = 1").await;
    let (shop, attempts) = (shop(&db, "acme"), AtomicU32::new(0));
    for _ in 0..30 {
        let refused: Result<(), Trouble> = shop.in_tx(Retry::default(), async |_| Err(Trouble::No)).await;
        assert!(matches!(refused, Err(Trouble::No)));
    }
    fill(&shop, &attempts).await.unwrap();
    assert_eq!(attempts.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_another_process_delays_is_repeated_however_its_error_is_wrapped() {
    let (db, folder) = with("SELECT 1").await;
    let other = database(&folder);
    let mut holds = other.begin(Begin::write()).await.unwrap();
    holds.publish(Placed { number: 1 });
    let shop = shop(&db, "acme");
    let attempts = AtomicU32::new(0);
    let retry = Retry::default().attempts(8).base(Duration::from_millis(50)).factor(1);
    let waits = shop.in_tx(retry, async |unit| {
        attempts.store(unit.attempt(), Ordering::SeqCst);
        unit.publish(Placed { number: 2 });
        unit.repository::<Order>().insert(new(2)).await.map_err(|_| Trouble::Wrapped)?;
        Ok::<_, Trouble>(())
    });
    let ends = async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        holds.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(waits, ends);
    answer.unwrap();
    assert!(attempts.load(Ordering::SeqCst) > 1, "the first has met the lock");
    assert_eq!(written(&db, &shop).await, (1, 2));
    let single = shop.in_tx(Retry::none(), async |_| Ok::<_, Error>(()));
    let _holds = other.begin(Begin::write()).await.unwrap();
    assert_eq!(single.await.unwrap_err().code(), "db/busy");
}

#[tokio::test]
async fn eight_tasks_of_two_processes_lose_no_increment() {
    let folder = tempfile::tempdir().unwrap();
    let long = Duration::from_secs(30);
    let (db, other) = (patient(&folder, long), patient(&folder, long));
    db.migrate(tables()).await.unwrap();
    let order = shop(&db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    let tasks = (0..8).map(|task| {
        let (db, id) = (if task % 2 == 0 { db.clone() } else { other.clone() }, order.id);
        tokio::spawn(async move {
            let shop = shop(&db, "acme");
            for _ in 0..25 {
                let added: Result<(), Error> = shop
                    .in_tx(Retry::default().attempts(10), async |unit| {
                        let mut order = unit.repository::<Order>().get(id).await?;
                        order.views += 1;
                        unit.repository::<Order>().save(&mut order).await
                    })
                    .await;
                added.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(shop(&db, "acme").repository::<Order>().get(order.id).await.unwrap().views, 200);
}

async fn of_one_writer(db: &Db) {
    let shop = shop(db, "acme");
    let answer: Result<(), Error> = shop
        .in_tx(Retry::default(), async |unit| {
            unit.repository::<Order>().insert(new(1)).await?;
            let outside = shop.repository::<Order>().insert(new(2)).await.unwrap_err();
            assert_eq!(outside.code(), "unit/nested");
            assert!(shop.repository::<Order>().try_get(new(1).id.unwrap()).await?.is_none(), "reads do not wait");
            unit.repository::<Order>().insert(new(3)).await.map(drop)
        })
        .await;
    answer.unwrap();
    assert_eq!(written(db, &shop).await.0, 2);
    let mut first = shop.begin(Begin::write()).await.unwrap();
    first.repository::<Order>().insert(new(4)).await.unwrap();
    let single = async { shop.repository::<Order>().insert(new(5)).await.map(drop) };
    let later = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        first.commit().await.map(drop)
    };
    let (single, later) = tokio::join!(single, later);
    single.and(later).unwrap();
    assert_eq!(written(db, &shop).await.0, 4);
}

#[tokio::test]
async fn a_write_beside_a_closure_is_refused_and_beside_a_guard_waits() {
    of_one_writer(&Db::memory()).await;
    of_one_writer(&with("SELECT 1").await.0).await;
}

#[tokio::test]
async fn who_waits_too_long_for_a_unit_is_told() {
    let (db, _folder) = with("SELECT 1").await;
    let shop = shop(&db, "acme");
    let first = db.begin(Begin::write()).await.unwrap();
    let begun = db.begin(Begin::write()).await.map(drop).unwrap_err();
    let inserted = shop.repository::<Order>().insert(new(1)).await.map(drop).unwrap_err();
    for error in [begun, inserted] {
        assert_eq!((error.code(), error.is_transient()), ("db/busy", true));
    }
    first.rollback().await.unwrap();
    shop.repository::<Order>().insert(new(2)).await.unwrap();
    assert_eq!(written(&db, &shop).await.0, 1, "who was told to try again has written nothing, and never will");
}

#[tokio::test]
async fn a_commit_goes_to_its_end_without_its_caller() {
    let (db, _folder) = with("SELECT 1").await;
    let shop = shop(&db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    unit.publish(Placed { number: 1 });
    {
        let mut commit = Box::pin(unit.commit());
        assert!(futures_util::poll!(&mut commit).is_pending());
    }
    let probe: Result<(), Error> = db.in_tx(Retry::none(), async |_| Ok(())).await;
    probe.unwrap();
    assert_eq!(written(&db, &shop).await, (1, 1));
}

#[tokio::test]
async fn a_unit_that_only_reads_needs_a_second_reader_and_leaves_one_to_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let options = |readers| SqliteStore::options(folder.path().join("shop.db")).readers(readers);
    let one = Db::from(options(1).open().unwrap());
    one.migrate(Migrations::new()).await.unwrap();
    assert_eq!(one.begin(Begin::read_only()).await.map(drop).unwrap_err().code(), "db/config");
    let two = Db::from(options(2).lock_timeout(Duration::from_millis(50)).open().unwrap());
    let _reads = two.begin(Begin::read_only()).await.unwrap();
    assert_eq!(two.begin(Begin::read_only()).await.map(drop).unwrap_err().code(), "db/busy");
    two.store().counts().await.unwrap();
}

#[tokio::test]
async fn a_closed_database_begins_nothing() {
    let (db, _folder) = with("SELECT 1").await;
    let (own, memory) = (Arc::new(db), Db::memory());
    for db in [&*own, &memory] {
        db.close().await.unwrap();
        assert_eq!(db.begin(Begin::write()).await.map(drop).unwrap_err().code(), "store/closed");
    }
}
