//! One connection for statements that follow each other.

use std::pin::pin;

use bailiwick::{
    repository::{Count, Db, OnError, Page, Params, Sql, StreamMode, Total},
    specification::Spec,
    unit_of_work::Begin,
};
use futures_util::TryStreamExt as _;

use crate::rows::{
    served::{Other, db, rooms},
    shop::{Country, NewCountry, Order, new, shop, tables},
};

pub async fn a_session_has_everything_that_a_repository_has(db: &Db) {
    let shop = shop(db, "acme");
    let mut session = shop.session();
    assert_eq!(session.scope().tenants(), shop.scope().tenants());
    let mut order = session.repository::<Order>().insert(new(1)).await.unwrap();
    order.label = Some("rush".into());
    session.repository::<Order>().save(&mut order).await.unwrap();
    let rows = (2..=250).map(new).collect();
    session.repository::<Order>().insert_many(rows, OnError::Abort).await.unwrap();
    session.repository::<Order>().upsert(new(3), Order::unique_number()).await.unwrap();
    let mut orders = session.repository::<Order>();
    assert_eq!(orders.find(Spec::all()).count(Count::Exact).await.unwrap(), Total::Exact(250));
    assert_eq!(orders.find(Spec::all()).page(Page::first(20)).await.unwrap().items.len(), 20);
    let read: Vec<_> = orders.find(Spec::all()).stream(StreamMode::Chunked(100)).try_collect().await.unwrap();
    assert_eq!(read.len(), 250);
    assert_eq!(orders.get(order.id).await.unwrap(), order);
    let twice = orders.insert(new(1)).await.unwrap_err();
    assert_eq!(twice.code(), "repository/duplicate");
    assert_eq!(orders.get(order.id).await.unwrap(), order, "an error ends nothing");
}

pub async fn a_session_of_the_database_reaches_what_belongs_to_nobody(db: &Db) {
    let mut session = db.session();
    let germany = NewCountry { code: "de".into(), name: "Germany".into() };
    let germany = session.repository::<Country>().insert(germany).await.unwrap();
    assert_eq!(session.repository::<Country>().get("de".into()).await.unwrap(), germany);
}

/// The number of the connection, as a code.
const CONNECTION: Sql<Country> = Sql::new("SELECT '' AS code, '' AS name")
    .postgres("SELECT pg_backend_pid()::text AS code, ''::text AS name")
    .mysql("SELECT CAST(CONNECTION_ID() AS CHAR) AS code, '' AS name");

async fn pooled(db: &Db) -> String {
    db.repository::<Country>().select(CONNECTION, Params::new()).await.unwrap().remove(0).code
}

#[tokio::test]
async fn a_session_keeps_its_connection_and_gives_it_back() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let mut session = db.session();
        let mut own = async || {
            let found = session.repository::<Country>().select(CONNECTION, Params::new()).await.unwrap();
            found[0].code.clone()
        };
        let first = own().await;
        for _ in 0..5 {
            assert_ne!(pooled(&db).await, first, "{kind:?}: what is taken, others do not have");
            assert_eq!(own().await, first, "{kind:?}");
        }
        drop(session);
        let mut left = Vec::new();
        let (mut one, mut two) = (db.session(), db.session());
        for session in [&mut one, &mut two] {
            let found = session.repository::<Country>().select(CONNECTION, Params::new()).await.unwrap();
            left.push(found[0].code.clone());
        }
        assert!(left.contains(&first), "{kind:?}: the connection came back: {first} of {left:?}");
        drop((one, two));
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_statement_of_a_session_that_is_dropped_closes_its_connection() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        let mut session = db.session();
        let first = session.repository::<Country>().select(CONNECTION, Params::new()).await.unwrap().remove(0).code;
        let mut other = Other::new(kind, &room).await;
        other.lock("country").await;
        {
            let mut countries = session.repository::<Country>();
            let mut statement = pin!(countries.find(Spec::all()).count(Count::Exact));
            loop {
                tokio::select! {
                    answer = &mut statement => panic!("nobody can read the table: {answer:?}"),
                    waiting = other.waiting() => if waiting > 0 { break },
                }
            }
        }
        other.unlock().await;
        let next = session.repository::<Country>().select(CONNECTION, Params::new()).await.unwrap().remove(0).code;
        assert_ne!(next, first, "{kind:?}: what had an answer in it is not used again");
        // A pool of one: the session has it, until it is dropped.
        let unit = db.begin(Begin::write()).await.unwrap();
        unit.rollback().await.unwrap();
        drop(session);
        assert_eq!(pooled(&db).await, next, "{kind:?}");
        other.end_all().await;
        assert_eq!(db.session().repository::<Country>().find(Spec::all()).list().await.unwrap(), [], "{kind:?}");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_is_closed_although_a_session_is_open() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        let mut session = db.session();
        assert_eq!(session.repository::<Country>().find(Spec::all()).list().await.unwrap(), []);
        db.close().await.unwrap();
        let closed = session.repository::<Country>().find(Spec::all()).list().await.unwrap_err();
        assert_eq!(closed.code(), "store/closed", "{kind:?}");
    }
}

#[tokio::test]
async fn a_database_is_closed_although_one_session_waits_for_another() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        let (mut first, mut second) = (db.session(), db.session());
        assert_eq!(second.repository::<Country>().find(Spec::all()).list().await.unwrap(), []);
        let mut countries = first.repository::<Country>();
        let mut waits = pin!(countries.find(Spec::all()).list());
        assert!(futures_util::poll!(&mut waits).is_pending(), "{kind:?}: the other one has the connection");
        let (closed, answered) = tokio::join!(db.close(), waits);
        closed.unwrap();
        assert_eq!(answered.unwrap(), [], "{kind:?}: what was asked before is answered");
        assert_eq!(second.repository::<Country>().find(Spec::all()).list().await.unwrap_err().code(), "store/closed");
    }
}
