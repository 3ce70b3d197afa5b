//! What a statement without its condition reaches, and what is left behind in connections.

use std::time::Duration;

use bailiwick::{
    Uuid,
    repository::{Params, Scoped, Sql},
    unit_of_work::{Begin, UnitOfWork},
};
use tests::drop_at::after_polls;

use super::{Db, filled, number, other, room, run};
use crate::rows::shop::{Country, NewOrder, Order, OrderId, new, shop};

/// As if the condition had been forgotten: it is always true.
const ALL: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant OR tenant <> :tenant");
const WRITE: Sql<Order> = Sql::new("UPDATE {table} SET label = 'mine' WHERE tenant = :tenant OR tenant <> :tenant");
const AWAY: Sql<Order> = Sql::new("UPDATE {table} SET tenant = 'other' WHERE tenant = :tenant");
/// What a connection was told, read as the name of a country.
const TOLD: Sql<Country> =
    Sql::new("SELECT 'xx' AS code, coalesce(current_setting('app.tenant_id', true), '') AS name WHERE true");

#[tokio::test]
async fn a_statement_that_has_forgotten_the_tenant_reaches_his_rows_alone() {
    let Some(room) = room() else { return };
    let db = filled(&room).await;
    let acme = shop(&db, "acme");
    let own = |orders: Vec<Order>| orders.len() == 3 && orders.iter().all(|order| order.tenant.as_str() == "acme");
    assert!(own(acme.repository::<Order>().select(ALL, Params::new()).await.unwrap()));
    assert!(own(acme.session().repository::<Order>().select(ALL, Params::new()).await.unwrap()));
    for begin in [Begin::write(), Begin::read_only()] {
        let mut unit = acme.begin(begin).await.unwrap();
        assert!(own(unit.repository::<Order>().select(ALL, Params::new()).await.unwrap()));
        unit.rollback().await.unwrap();
    }
    assert_eq!(acme.repository::<Order>().execute(WRITE, Params::new()).await.unwrap(), 3);
    let error = acme.repository::<Order>().execute(AWAY, Params::new()).await.unwrap_err();
    assert_eq!(error.code(), "repository/cross_tenant_write", "{error:?}");
    let mut root = other(&room.url()).await;
    assert_eq!(number(&mut root, "SELECT count(*) FROM orders WHERE label = 'mine'").await, 3);
    assert_eq!(number(&mut root, "SELECT count(*) FROM orders WHERE tenant = 'other'").await, 3);
    db.close().await.unwrap();
}

#[tokio::test]
async fn without_a_tenant_there_are_no_rows_and_no_error() {
    let Some(room) = room() else { return };
    filled(&room).await.close().await.unwrap();
    let mut plain = other(&room.plain_url()).await;
    let count = "SELECT count(*) FROM orders";
    assert_eq!(number(&mut plain, count).await, 0, "nobody has said a tenant");
    run(&mut plain, "BEGIN; SELECT set_config('app.tenant_id', 'acme', true)").await.unwrap();
    assert_eq!(number(&mut plain, count).await, 3);
    let insert = "INSERT INTO stock.item (sku, tenant, name, version) VALUES ('a', 'other', 'x', 1)";
    let error = run(&mut plain, insert).await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
    run(&mut plain, "ROLLBACK").await.unwrap();
    assert_eq!(number(&mut plain, count).await, 0, "the setting is an empty text now");
    run(&mut plain, "SELECT set_config('app.tenant_id', '', false)").await.unwrap();
    assert_eq!(number(&mut plain, count).await, 0);
}

/// A name that means something else where it is not bound, or is the same to a careless eye.
#[tokio::test]
async fn a_tenant_of_any_name_has_his_own_rows() {
    let Some(room) = room() else { return };
    let db = filled(&room).await;
    for (owner, tenant) in (9_u128..).zip(["0", "NULL", "ACME", "a.b", "a-b", "--", "_"]) {
        let shop = shop(&db, tenant);
        assert_eq!(shop.repository::<Order>().select(ALL, Params::new()).await.unwrap(), [], "{tenant}");
        let id = OrderId::from(Uuid::from_u128(owner));
        let new = NewOrder { id: Some(id), ..new(1) };
        let id = shop.repository::<Order>().insert(new).await.unwrap().id;
        assert_eq!(shop.repository::<Order>().get(id).await.unwrap().tenant.as_str(), tenant);
        assert_eq!(shop.repository::<Order>().select(ALL, Params::new()).await.unwrap().len(), 1, "{tenant}");
    }
    db.close().await.unwrap();
}

/// So much is committed, rolled back, refused or dropped at any poll.
const CALLS: usize = 10_000;
const CALLERS: usize = 4;

#[tokio::test]
async fn no_connection_keeps_a_tenant_whatever_becomes_of_its_callers() {
    let Some(room) = room() else { return };
    let db = filled(&room).await;
    let callers = (0..CALLERS).map(|caller| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut ended = [0_usize; 2];
            for call in 0..CALLS / CALLERS {
                let chance = chance_of(caller, call);
                let acme = shop(&db, if chance & 1 == 0 { "acme" } else { "other" });
                // Half of all are let go to their end.
                let polls = if chance & 2 == 0 { usize::MAX } else { (chance >> 8) % 7 };
                ended[usize::from(after_polls(polls, one(&acme, chance >> 2)).await.is_some())] += 1;
            }
            ended
        })
    });
    let (mut dropped, mut done) = (0, 0);
    for caller in callers.collect::<Vec<_>>() {
        let ended = caller.await.unwrap();
        (dropped, done) = (dropped + ended[0], done + ended[1]);
    }
    assert!(dropped > CALLS / 10 && done > CALLS / 2, "{dropped} dropped, {done} done");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(told(&db).await, vec![String::new(); 8]);
    db.close().await.unwrap();
}

/// A number for each call, always the same.
fn chance_of(caller: usize, call: usize) -> usize {
    let mixed = ((caller * CALLS + call) as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from((mixed ^ (mixed >> 29)) >> 16).unwrap()
}

async fn one(acme: &Scoped, chance: usize) {
    let mut orders = acme.repository::<Order>();
    match chance % 5 {
        0 => drop(orders.select(ALL, Params::new()).await),
        1 => drop(orders.execute(WRITE, Params::new()).await),
        2 => drop(orders.execute(AWAY, Params::new()).await), // the server refuses it
        way => {
            let Ok(mut unit) = acme.begin(Begin::write()).await else { return };
            let _done = unit.repository::<Order>().execute(WRITE, Params::new()).await;
            drop(if way == 3 { unit.commit().await.map(drop) } else { unit.rollback().await });
        }
    }
}

/// What each of the connections was told, those of statements and those of units.
async fn told(db: &Db) -> Vec<String> {
    let (mut sessions, mut units, mut told) = (Vec::new(), Vec::<UnitOfWork>::new(), Vec::new());
    for _ in 0..4 {
        let mut session = db.session();
        let found = session.repository::<Country>().select(TOLD, Params::new()).await.unwrap();
        told.extend(found.into_iter().map(|country| country.name));
        sessions.push(session); // so that the next one has another connection
        let mut unit = db.begin(Begin::write()).await.unwrap();
        let found = unit.repository::<Country>().select(TOLD, Params::new()).await.unwrap();
        told.extend(found.into_iter().map(|country| country.name));
        units.push(unit);
    }
    for unit in units {
        unit.rollback().await.unwrap();
    }
    told
}
