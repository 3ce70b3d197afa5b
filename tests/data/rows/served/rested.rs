//! Connections that rest, and what becomes of them.

use std::time::Duration;

use bailiwick::{
    repository::Db,
    sql::{MysqlOptions, MysqlStore, PostgresOptions, PostgresStore},
    unit_of_work::Begin,
};
use tests::proxy::Proxy;

use super::{
    super::shop::{Country, NewCountry, tables},
    Kind, Other, rooms,
};

const HOUR: Duration = Duration::from_secs(3_600);

/// Limits of connections, whatever the server.
pub struct Set {
    pub postgres: fn(PostgresOptions) -> PostgresOptions,
    pub mysql: fn(MysqlOptions) -> MysqlOptions,
}

/// The same calls for both kinds of options.
macro_rules! set {
    ($($call:ident($value:expr)),* $(,)?) => {
        $crate::rows::served::rested::Set {
            postgres: |options| options.notices(false)$(.$call($value))*,
            mysql: |options| options$(.$call($value))*,
        }
    };
}
pub(super) use set;

/// A database with these limits.
pub fn limited(kind: Kind, url: &str, set: &Set) -> Db {
    match kind {
        Kind::Postgres => Db::from((set.postgres)(PostgresStore::options(url).unwrap()).connect().unwrap()),
        Kind::Mysql => Db::from((set.mysql)(MysqlStore::options(url).unwrap()).connect().unwrap()),
    }
}

fn country(code: &str) -> NewCountry {
    NewCountry { code: code.into(), name: code.into() }
}

#[tokio::test]
async fn a_write_over_a_connection_that_was_cut_while_it_rested_is_made_on_another() {
    for (kind, room) in rooms() {
        let asks = limited(kind, &room.url(), &set!(ask_after(Duration::ZERO)));
        let trusts = limited(kind, &room.url(), &set!(ask_after(HOUR)));
        asks.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        for db in [&asks, &trusts] {
            assert_eq!(db.repository::<Country>().try_get("de".into()).await.unwrap(), None);
        }
        other.end_all().await;
        asks.repository::<Country>().insert(country("de")).await.unwrap();
        let unknown = trusts.repository::<Country>().insert(country("fr")).await.unwrap_err();
        assert_eq!(unknown.code(), "db/commit_unknown", "{kind:?}: this is what the question is for");
        // A unit of work, too.
        asks.begin(Begin::write()).await.unwrap().rollback().await.unwrap();
        other.end_all().await;
        let mut unit = asks.begin(Begin::write()).await.unwrap();
        unit.repository::<Country>().insert(country("it")).await.unwrap();
        unit.commit().await.unwrap();
        for db in [asks, trusts] {
            db.close().await.unwrap();
        }
    }
}

/// How many connections so many reads take, one after another.
async fn connections(kind: Kind, url: &str, set: &Set, reads: usize) -> usize {
    let (proxy, url) = Proxy::before(url).await;
    let db = limited(kind, &url, set);
    proxy.record();
    for _ in 0..reads {
        db.repository::<Country>().try_get("de".into()).await.unwrap();
    }
    db.close().await.unwrap();
    proxy.recorded().len()
}

#[tokio::test]
async fn a_connection_is_kept_unless_it_has_rested_too_long_or_is_too_old() {
    for (kind, room) in rooms() {
        let db = super::db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        db.close().await.unwrap();
        let url = room.url();
        assert_eq!(connections(kind, &url, &set!(), 4).await, 1, "{kind:?}");
        assert_eq!(connections(kind, &url, &set!(ask_after(Duration::ZERO)), 4).await, 1, "{kind:?}");
        assert_eq!(connections(kind, &url, &set!(idle_timeout(Duration::ZERO)), 4).await, 4, "{kind:?}");
        assert_eq!(connections(kind, &url, &set!(max_lifetime(Duration::ZERO)), 4).await, 4, "{kind:?}");
    }
}
