//! `testing::Faults`: what a database in memory answers when a test wants it, beside what databases answer.

use std::time::Duration;

use bailiwick::{
    Error,
    repository::{Db, Migrations, Scope, Scoped},
    specification::Spec,
    sql::SqliteStore,
    testing::{CommitOutcome, Fault, Faults},
    unit_of_work::{Begin, Retry},
};
use tests::servers;

use crate::{
    rows::shop::{NewOrder, Order, new, shop},
    units::Placed,
};

const FAULTS: [Fault; 5] = [Fault::Serialization, Fault::Deadlock, Fault::Busy, Fault::Unavailable, Fault::DiskFull];

async fn count(shop: &Scoped) -> usize {
    shop.repository::<Order>().find(Spec::all()).list().await.unwrap().len()
}

fn soon() -> Retry {
    Retry::default().base(Duration::from_millis(1))
}

#[tokio::test]
async fn a_fault_strikes_one_statement_which_has_done_nothing() {
    for fault in FAULTS {
        let faults = Faults::new();
        let acme = shop(&faults.db(), "acme");
        faults.fail_next(fault);
        let error = acme.repository::<Order>().insert(new(1)).await.unwrap_err();
        assert!(error.is_transient() && !error.is_unknown_outcome(), "{error:?}");
        assert_eq!((count(&acme).await, faults.left()), (0, 0));
        acme.repository::<Order>().insert(new(1)).await.unwrap();
        faults.fail_next(fault);
        assert_eq!(acme.repository::<Order>().find(Spec::all()).exists().await.unwrap_err().code(), error.code());
    }
}

#[tokio::test]
async fn a_fault_costs_a_unit_its_part_or_ends_it() {
    for fault in FAULTS {
        let faults = Faults::new();
        let acme = shop(&faults.db(), "acme");
        let mut unit = acme.begin(Begin::write()).await.unwrap();
        unit.repository::<Order>().insert(new(1)).await.unwrap();
        faults.fail_next(fault);
        let part = unit.savepoint(async |inner| inner.repository::<Order>().insert(new(2)).await).await;
        let told = part.unwrap().unwrap_err();
        let next = unit.repository::<Order>().insert(new(3)).await.map(drop).map_err(|error| error.code());
        let ends = matches!(fault, Fault::Deadlock | Fault::Unavailable | Fault::DiskFull);
        assert_eq!(next, if ends { Err("unit/dead") } else { Ok(()) }, "{told:?}");
        assert_eq!(unit.commit().await.is_ok(), !ends);
        assert_eq!(count(&acme).await, if ends { 0 } else { 2 });
    }
}

#[tokio::test]
async fn a_closure_is_repeated_until_the_faults_are_over_or_its_attempts_are() {
    for fault in FAULTS {
        let faults = Faults::new();
        let acme = shop(&faults.db(), "acme");
        let work = async || {
            acme.in_tx(soon(), async |unit| {
                unit.repository::<Order>().insert(new(1)).await?;
                Ok::<_, Error>(unit.attempt())
            })
            .await
        };
        (0..3).for_each(|_| faults.fail_next(fault));
        assert!(work().await.unwrap_err().is_transient(), "three attempts, three faults");
        assert_eq!((count(&acme).await, faults.left()), (0, 0));
        (0..2).for_each(|_| faults.fail_next(fault));
        assert_eq!(work().await.unwrap(), 3);
        assert_eq!(count(&acme).await, 1);
    }
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found_out_or_is_not() {
    let faults = Faults::new();
    let acme = shop(&faults.db(), "acme");
    let work = async |number: u32| {
        acme.in_tx(soon(), async |unit| {
            unit.repository::<Order>().insert(new(number)).await?;
            Ok::<_, Error>(unit.attempt())
        })
        .await
    };
    faults.lose_connection_at_commit(CommitOutcome::Committed);
    assert_eq!(work(1).await.unwrap(), 1);
    faults.lose_connection_at_commit(CommitOutcome::NotCommitted);
    assert_eq!(work(2).await.unwrap(), 2, "nothing was written, so it is repeated");
    faults.lose_connection_at_commit(CommitOutcome::Unknown);
    let unknown = work(3).await.unwrap_err();
    assert_eq!((unknown.code(), unknown.is_unknown_outcome()), ("db/commit_unknown", true));
    assert_eq!((count(&acme).await, faults.left()), (3, 0));
    faults.lose_connection_at_commit(CommitOutcome::Unknown);
    for begin in [Begin::read_only(), Begin::write()] {
        let mut unit = acme.begin(begin).await.unwrap();
        assert_eq!(unit.repository::<Order>().find(Spec::all()).list().await.unwrap().len(), 3);
        unit.commit().await.unwrap();
        assert_eq!(faults.left(), 1, "who only reads has nothing to lose");
    }
    let mut unit = acme.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().get(new(1).id.unwrap()).await.unwrap();
    unit.publish(Placed { number: 1 });
    assert!(unit.commit().await.unwrap_err().is_unknown_outcome(), "a message is something to lose");
    assert_eq!(faults.left(), 0);
}

#[tokio::test(start_paused = true)]
async fn each_statement_takes_as_long_as_it_is_told() {
    let faults = Faults::new();
    let acme = shop(&faults.db(), "acme");
    faults.latency(Duration::from_secs(2));
    let since = tokio::time::Instant::now();
    acme.repository::<Order>().insert(new(1)).await.unwrap();
    assert_eq!(since.elapsed(), Duration::from_secs(2));
    let soon = bailiwick::Clock::system().now().plus(Duration::from_secs(1));
    let hurried = faults.db().scoped(Scope::tenant("acme").unwrap().deadline(soon));
    assert_eq!(
        hurried.repository::<Order>().find(Spec::all()).list().await.unwrap_err().code(),
        "db/statement_timeout"
    );
}

/// What a database answers to two who lock two rows in different orders: the code for the loser, and for what he asks then.
async fn deadlocked(db: &Db) -> (&'static str, &'static str) {
    use bailiwick::repository::Wait;
    let acme = shop(db, "acme");
    let first = acme.repository::<Order>().insert(new(1)).await.unwrap().id;
    let second = acme.repository::<Order>().insert(new(2)).await.unwrap().id;
    let mut one = acme.begin(Begin::write()).await.unwrap();
    let mut two = acme.begin(Begin::write()).await.unwrap();
    one.get_for_update::<Order>(first, Wait::Block).await.unwrap();
    two.get_for_update::<Order>(second, Wait::Block).await.unwrap();
    let (of_one, of_two) = tokio::join!(one.get_for_update::<Order>(second, Wait::Block), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let answer = two.get_for_update::<Order>(first, Wait::Block).await;
        let lost = answer.is_err();
        (answer, if lost { two.repository::<Order>().get(first).await.map(drop) } else { Ok(()) })
    });
    let code = |answer: Result<(), Error>| answer.map_or_else(|error| error.code(), |()| "answered");
    match (of_one, of_two) {
        (Err(told), _) => (told.code(), code(one.repository::<Order>().get(first).await.map(drop))),
        (Ok(_), (told, then)) => (code(told.map(drop)), code(then)),
    }
}

#[tokio::test]
async fn a_deadlock_has_the_code_that_servers_give_it() {
    let faults = Faults::new();
    faults.fail_next(Fault::Deadlock);
    let own = shop(&faults.db(), "acme").repository::<Order>().insert(new(1)).await.unwrap_err();
    for (server, after) in [(servers::postgres(), "unit/scope_failed"), (servers::mysql(), "unit/dead")] {
        let Some(server) = server else { continue };
        let room = server.database();
        let db = Db::connect(&room.url()).unwrap();
        db.migrate(crate::rows::shop::tables()).await.unwrap();
        let (told, then) = deadlocked(&db).await;
        assert_eq!(told, own.code());
        assert_eq!(then, after);
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_full_disk_has_the_code_that_sqlite_gives_it() {
    let faults = Faults::new();
    faults.fail_next(Fault::DiskFull);
    let own = shop(&faults.db(), "acme").repository::<Order>().insert(new(1)).await.unwrap_err();
    let folder = tempfile::tempdir().unwrap();
    let db = Db::from(SqliteStore::open(folder.path().join("a.db")).unwrap());
    db.migrate(crate::rows::shop::tables()).await.unwrap();
    db.migrate(Migrations::new().sql("0009_small", "PRAGMA max_page_count = 1")).await.unwrap(); // as many as there are
    let acme = shop(&db, "acme");
    let mut told = Ok(());
    for number in 0..200 {
        let picture = Some(vec![7; 100_000]);
        told = acme.repository::<Order>().insert(NewOrder { picture, ..new(number) }).await.map(drop);
        if told.is_err() {
            break;
        }
    }
    let told = told.unwrap_err();
    assert_eq!((told.code(), told.kind()), (own.code(), own.kind()));
}
