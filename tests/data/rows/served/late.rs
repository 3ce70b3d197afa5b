//! Servers that do not answer before the deadline, or not at all.

use std::time::{Duration, Instant};

use bailiwick::{
    Clock,
    repository::{Db, Scope, Scoped},
    resilience::{Health, HealthOptions},
    sql::{MysqlStore, PostgresStore},
    unit_of_work::Begin,
};
use tests::proxy::{Fate, Proxy};

use super::{
    super::shop::{Country, NewCountry, tables},
    Kind, Other, db, rooms,
};

fn soon(db: &Db) -> Scoped {
    let clock = Clock::system();
    let at = clock.now().plus(Duration::from_millis(200));
    db.scoped(Scope::nobody().deadline(at))
}

fn country(code: &str) -> NewCountry {
    NewCountry { code: code.into(), name: code.into() }
}

#[tokio::test]
async fn what_the_server_does_not_answer_before_the_deadline_is_given_up() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        other.lock("country").await;
        let read = soon(&db).repository::<Country>().try_get("de".into()).await;
        assert_eq!(read.unwrap_err().code(), "db/statement_timeout", "{kind:?}");
        let written = soon(&db).repository::<Country>().insert(country("de")).await.unwrap_err();
        let too_late = written.cause::<bailiwick::Error>().unwrap();
        assert_eq!((written.code(), too_late.code()), ("db/commit_unknown", "db/statement_timeout"), "{kind:?}");
        let mut unit = soon(&db).begin(Begin::write()).await.unwrap();
        let error = unit.repository::<Country>().insert(country("fr")).await.unwrap_err();
        assert_eq!(error.code(), "db/statement_timeout", "{kind:?}");
        assert_eq!(unit.commit().await.map(drop).unwrap_err().code(), "db/statement_timeout", "{kind:?}");
        other.unlock().await;
        assert_eq!(db.repository::<Country>().try_get("fr".into()).await.unwrap(), None, "{kind:?}");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn health_is_answered_while_every_connection_is_taken() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        let unit = db.begin(Begin::write()).await.unwrap();
        let (mut other, mut observer) = (Other::new(kind, &room).await, Other::new(kind, &room).await);
        other.lock("country").await;
        let asked = async {
            while observer.waiting().await == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let pool = db.pool().unwrap();
            assert_eq!((pool.most, pool.in_use), (2, 2), "{kind:?}");
            let mut report = db.health().await;
            for _ in 0..20 {
                if report.status == Health::Healthy {
                    break;
                }
                report = db.health().await; // a machine that has much to do may keep it waiting
            }
            assert_eq!(report.status, Health::Healthy, "{kind:?}: {report:?}");
            other.unlock().await;
        };
        let (read, ()) = tokio::join!(async { db.repository::<Country>().try_get("de".into()).await }, asked);
        read.unwrap();
        unit.rollback().await.unwrap();
        db.close().await.unwrap();
    }
}

/// Bounded by more than it may take, because a machine may have much to do; it must not be as long as a call waits.
async fn unhealthy(db: &Db) -> Duration {
    let start = Instant::now();
    let report = db.health_with(HealthOptions::new().write().replica_lag(Duration::from_secs(10))).await;
    assert_eq!(report.status, Health::Unhealthy, "{report:?}");
    for name in ["write", "migrations", "replica"] {
        assert_eq!(report.check(name).unwrap().status, Health::Unhealthy, "{report:?}");
    }
    start.elapsed()
}

#[tokio::test]
async fn health_is_answered_while_packets_vanish() {
    const LONG: Duration = Duration::from_secs(600);
    for (kind, room) in rooms() {
        let (proxy, url) = Proxy::before(&room.url()).await;
        let db = match kind {
            Kind::Postgres => {
                Db::from(PostgresStore::options(&url).unwrap().notices(false).connect_timeout(LONG).connect().unwrap())
            }
            Kind::Mysql => Db::from(MysqlStore::options(&url).unwrap().connect_timeout(LONG).connect().unwrap()),
        };
        db.migrate(tables()).await.unwrap();
        // What is sent in the middle of the questions, and then all that is sent.
        proxy.cut_at(*b"bw_lease", Fate::Held);
        assert!(unhealthy(&db).await < Duration::from_secs(60), "{kind:?}");
        proxy.record();
        proxy.silence(Some(if kind == Kind::Postgres { b"application_name" } else { b"_native_password" }));
        let took = unhealthy(&db).await;
        assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(60), "{kind:?}: {took:?}");
    }
}

#[tokio::test]
async fn a_report_tells_no_secret() {
    for (kind, room) in rooms() {
        let url = room.url();
        let password =
            url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(user, _)| user.to_owned());
        let secret = password.as_deref().and_then(|user| user.split_once(':')).map(|(_, secret)| secret.to_owned());
        let closed = url.replace(url.rsplit('@').next().unwrap().split(['/', '?']).next().unwrap(), "127.0.0.1:1");
        for url in [&url, &closed] {
            let db = match kind {
                Kind::Postgres => Db::from(PostgresStore::connect(url).unwrap()),
                Kind::Mysql => Db::from(MysqlStore::connect(url).unwrap()),
            };
            let report = db.health().await;
            let told = format!("{}{report:?}", serde_json::to_string(&report).unwrap());
            assert!(told.contains("connectivity"));
            assert!(secret.as_deref().filter(|secret| secret.len() > 3).is_none_or(|secret| !told.contains(secret)));
            db.close().await.unwrap();
        }
    }
}
