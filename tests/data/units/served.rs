//! What is promised of units of work on servers: connections that end, locks of others, answers that are lost.

use std::time::Duration;

use bailiwick::{
    Error,
    repository::{Db, Wait},
    sql::{MysqlStore, PostgresStore},
    unit_of_work::{Begin, Retry},
};
use sqlx::{Connection as _, PgConnection};
use tests::{
    proxy::{Fate, Proxy},
    servers,
};

use super::{Placed, written};
use crate::rows::{
    served::{Kind, Other, db, rooms},
    shop::{NewOrder, Order, new, shop, tables},
};

#[tokio::test]
async fn a_unit_whose_connection_ends_is_dead_and_writes_nothing() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let shop = shop(&db, "acme");
        let mut other = Other::new(kind, &room).await;
        let mut unit = shop.begin(Begin::write()).await.unwrap();
        unit.repository::<Order>().insert(new(1)).await.unwrap();
        other.end_all().await;
        let error = unit.repository::<Order>().insert(new(2)).await.unwrap_err();
        assert!(error.is_transient(), "{kind:?}: {error:?}");
        let error = unit.repository::<Order>().insert(new(3)).await.unwrap_err();
        assert_eq!(error.code(), "unit/dead", "{kind:?}");
        assert!(unit.commit().await.is_err());
        assert_eq!(written(&db, &shop).await, (0, 0), "{kind:?}");
        // A closure is repeated on another connection.
        other.end_all().await;
        let stored = shop.in_tx(Retry::default(), async |unit| unit.repository::<Order>().insert(new(4)).await);
        stored.await.unwrap();
        assert_eq!(written(&db, &shop).await, (1, 0), "{kind:?}");
        db.close().await.unwrap();
    }
}

/// A database behind a proxy; its tables are there.
async fn behind_a_proxy(kind: Kind, url: &str) -> (Db, Proxy) {
    let (proxy, url) = Proxy::before(url).await;
    let db = match kind {
        Kind::Postgres => Db::from(PostgresStore::options(&url).unwrap().notices(false).connect().unwrap()),
        Kind::Mysql => Db::from(MysqlStore::connect(&url).unwrap()),
    };
    db.migrate(tables()).await.unwrap();
    (db, proxy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_whose_commit_was_not_answered_is_told_the_truth() {
    for (kind, room) in rooms() {
        let (db, proxy) = behind_a_proxy(kind, &room.url()).await;
        let shop = shop(&db, "acme");
        let mut stored = (0, 0);
        for (round, fate) in (0..).zip([Fate::Lost, Fate::Sent, Fate::Answered].into_iter().cycle().take(9)) {
            // The closure publishes in every other round: a commit of entities alone is settled, too.
            proxy.cut_at(*b"1; COMMIT", fate);
            let work = shop.in_tx(Retry::none(), async |unit| {
                unit.repository::<Order>().insert(new(round)).await?;
                if round % 2 == 0 {
                    unit.publish(Placed { number: round });
                }
                Ok::<_, Error>(())
            });
            let answer = work.await;
            assert_eq!(proxy.cuts(), round as usize + 1);
            let now = written(&db, &shop).await;
            match answer {
                Ok(()) => assert_eq!(now, (stored.0 + 1, stored.1 + u64::from(round % 2 == 0)), "{kind:?} {fate:?}"),
                // A server that has heard COMMIT may be told to end the session before it comes to it.
                Err(error) => {
                    assert!(error.is_transient() && fate != Fate::Answered, "{kind:?} {fate:?}: {error:?}");
                    assert_eq!(now, stored, "{kind:?} {fate:?}");
                }
            }
            stored = now;
        }
        assert!(stored.0 >= 3, "{kind:?}: {stored:?}");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn of_a_unit_that_has_only_read_nobody_asks_what_became_of_it() {
    let Some(server) = servers::postgres() else { return };
    let room = server.database();
    let (db, proxy) = behind_a_proxy(Kind::Postgres, &room.url()).await;
    proxy.record();
    let (shop, mut other) = (shop(&db, "acme"), PgConnection::connect(&room.url()).await.unwrap());
    let open = "SELECT pid, backend_xid IS NOT NULL FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'";
    for (round, ended) in [(0, "COMMIT"), (1, "SELECT 1; COMMIT"), (2, "COMMIT")] {
        let mut unit = shop.begin(Begin::write()).await.unwrap();
        assert!(unit.repository::<Order>().try_get(new(9).id.unwrap()).await.unwrap().is_none());
        if round == 1 {
            unit.repository::<Order>().insert(new(round)).await.unwrap();
        }
        let (pid, numbered): (i32, bool) = sqlx::query_as(open).fetch_one(&mut other).await.unwrap();
        assert!(numbered, "its number came with BEGIN");
        unit.commit().await.unwrap();
        let last = sqlx::query_as("SELECT query FROM pg_stat_activity WHERE pid = $1").bind(pid);
        let (last,): (String,) = last.fetch_one(&mut other).await.unwrap();
        assert_eq!(last, ended);
    }
    let sent = proxy.recorded().concat();
    let times = |text: &[u8]| sent.windows(text.len()).filter(|window| *window == text).count();
    assert_eq!((times(b"BEGIN ISOLATION"), times(b"pg_current_xact_id()")), (3, 3), "it is asked for nowhere else");
    assert_eq!(written(&db, &shop).await, (1, 0));
    db.close().await.unwrap();
}

#[tokio::test]
async fn two_units_in_each_others_way_both_come_to_their_end() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 4);
        db.migrate(tables()).await.unwrap();
        let shop = shop(&db, "acme");
        for number in 1..=2 {
            shop.repository::<Order>().insert(new(number)).await.unwrap();
        }
        let add = async |first: u32, second: u32| {
            let retry = Retry::default().attempts(10);
            shop.in_tx(retry, async |unit| {
                for number in [first, second] {
                    let id = new(number).id.unwrap();
                    let mut order = unit.get_for_update::<Order>(id, Wait::Block).await?;
                    order.pieces = Some(order.pieces.unwrap_or(0) + 1);
                    unit.repository::<Order>().save(&mut order).await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Ok::<_, Error>(())
            })
            .await
        };
        for _ in 0..3 {
            let (one, two) = tokio::join!(add(1, 2), add(2, 1));
            one.unwrap();
            two.unwrap();
        }
        for number in 1..=2 {
            let order = shop.repository::<Order>().get(new(number).id.unwrap()).await.unwrap();
            assert_eq!(order.pieces, Some(6), "{kind:?}");
        }
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_row_that_another_has_locked_is_waited_for_refused_or_passed_over() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 4);
        db.migrate(tables()).await.unwrap();
        let shop = shop(&db, "acme");
        let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
        let mut first = shop.begin(Begin::write()).await.unwrap();
        first.get_for_update::<Order>(order.id, Wait::Block).await.unwrap();
        let mut second = shop.begin(Begin::write()).await.unwrap();
        let error = second.get_for_update::<Order>(order.id, Wait::SkipLocked).await.unwrap_err();
        assert!(error.is_not_found(), "{kind:?}: {error:?}");
        let error = second.get_for_update::<Order>(order.id, Wait::NoWait).await.unwrap_err();
        assert!(error.is_transient(), "{kind:?}: {error:?}");
        second.rollback().await.unwrap();
        let later = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            first.rollback().await.unwrap();
        };
        let mut third = shop.begin(Begin::write()).await.unwrap();
        let (read, ()) = tokio::join!(third.get_for_update::<Order>(order.id, Wait::Block), later);
        assert_eq!(read.unwrap(), order);
        third.rollback().await.unwrap();
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn units_that_hold_all_connections_keep_others_waiting_and_no_statement() {
    for (kind, room) in rooms() {
        let db = match kind {
            Kind::Postgres => {
                let options = PostgresStore::options(&room.url()).unwrap().readers(1);
                Db::from(options.acquire_timeout(Duration::from_millis(500)).connect().unwrap())
            }
            Kind::Mysql => {
                let options = MysqlStore::options(&room.url()).unwrap().readers(1);
                Db::from(options.acquire_timeout(Duration::from_millis(500)).connect().unwrap())
            }
        };
        db.migrate(tables()).await.unwrap();
        let shop = shop(&db, "acme");
        let mut unit = shop.begin(Begin::write()).await.unwrap();
        unit.repository::<Order>().insert(NewOrder { id: None, ..new(1) }).await.unwrap();
        shop.repository::<Order>().insert(new(2)).await.unwrap();
        assert_eq!(shop.begin(Begin::write()).await.map(drop).unwrap_err().code(), "db/pool_timeout", "{kind:?}");
        unit.commit().await.unwrap();
        shop.begin(Begin::write()).await.unwrap().rollback().await.unwrap();
        assert_eq!(written(&db, &shop).await, (2, 0));
        db.close().await.unwrap();
    }
}
