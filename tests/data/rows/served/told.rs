//! What a server says, and what is done about it: each code is raised by a trigger.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use bailiwick::{repository::Db, resilience::BreakerState, unit_of_work::Retry};

use super::{
    super::shop::{Country, NewCountry, tables},
    Kind, Other,
    rested::{limited, set},
    rooms,
};

const POSTGRES: (&[&str], &[&str]) =
    (&["40001", "40P01", "55P03", "53300", "57P01", "08006"], &["23505", "23503", "22001", "42P01", "57014", "P0001"]);
const MYSQL: (&[&str], &[&str]) =
    (&["1213", "1205", "1040", "2013"], &["1062", "1452", "1406", "1146", "1264", "1317"]);

async fn raise(kind: Kind, other: &mut Other, code: &str) {
    match kind {
        Kind::Postgres => {
            other.run("DROP TRIGGER IF EXISTS raises ON country").await;
            let function = format!(
                "CREATE OR REPLACE FUNCTION raises() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = 'the test says so'; END $$"
            );
            other.run(&function).await;
            other.run("CREATE TRIGGER raises BEFORE INSERT ON country FOR EACH ROW EXECUTE FUNCTION raises()").await;
        }
        Kind::Mysql => {
            other.run("DROP TRIGGER IF EXISTS raises").await;
            let trigger = format!(
                "CREATE TRIGGER raises BEFORE INSERT ON country FOR EACH ROW
                SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = 'the test says so'"
            );
            other.run(&trigger).await;
        }
    }
}

/// How often a unit is begun that meets the error.
async fn attempts(db: &Db) -> u32 {
    let attempts = AtomicU32::new(0);
    let answer = db.in_tx(Retry::fixed(Duration::from_millis(1)), async |unit| {
        attempts.fetch_add(1, Ordering::SeqCst);
        unit.repository::<Country>().insert(NewCountry { code: "de".into(), name: "x".into() }).await
    });
    assert!(answer.await.is_err());
    attempts.into_inner()
}

#[tokio::test]
async fn what_may_pass_is_repeated_and_what_is_wrong_with_the_statement_is_not() {
    for (kind, room) in rooms() {
        let (passes, stays) = if kind == Kind::Postgres { POSTGRES } else { MYSQL };
        let setup = super::db(kind, &room, 1);
        setup.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        for (codes, expected) in [(passes, 3), (stays, 1)] {
            for code in codes {
                raise(kind, &mut other, code).await;
                let db = super::db(kind, &room, 2);
                assert_eq!(attempts(&db).await, expected, "{kind:?} {code}");
                db.close().await.unwrap();
            }
        }
        setup.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_breaker_counts_what_is_wrong_with_the_server_and_not_what_it_says_of_a_statement() {
    for (kind, room) in rooms() {
        let setup = super::db(kind, &room, 1);
        setup.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        let (duplicate, full) = if kind == Kind::Postgres { ("23505", "53300") } else { ("1062", "1040") };
        for (code, state) in [(duplicate, BreakerState::Closed), (full, BreakerState::Open)] {
            raise(kind, &mut other, code).await;
            let db = limited(kind, &room.url(), &set!(readers(1)));
            for _ in 0..12 {
                let new = NewCountry { code: "de".into(), name: "x".into() };
                let error = db.repository::<Country>().insert(new).await.unwrap_err();
                assert!(error.code() != "db/circuit_open" || state == BreakerState::Open, "{kind:?} {code}: {error:?}");
            }
            assert_eq!(db.breaker().unwrap().state(), state, "{kind:?} {code}");
            db.close().await.unwrap();
        }
        setup.close().await.unwrap();
    }
}
