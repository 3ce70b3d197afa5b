//! Migrations on servers.

use bailiwick::repository::Migrations;
use futures_util::future::join_all;

use super::{
    super::shop::{Country, NewCountry},
    Kind, Other, db, rooms,
};

fn first() -> Migrations {
    Migrations::new().ddl::<Country>("0001_country")
}

#[tokio::test]
async fn a_database_that_lacks_tables_or_columns_says_so() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        let code = async || db.repository::<Country>().try_get("de".into()).await.unwrap_err().code();
        assert_eq!(code().await, "sql/not_migrated");
        db.migrate(Migrations::new()).await.unwrap();
        assert_eq!(code().await, "db/not_migrated");
        db.migrate(Migrations::new().sql("0001", "CREATE TABLE country (code VARCHAR(2) PRIMARY KEY)")).await.unwrap();
        assert_eq!(code().await, "db/schema");
        db.close().await.unwrap();
        assert_eq!(code().await, "store/closed");
    }
}

#[tokio::test]
async fn of_several_that_migrate_at_once_one_applies_and_all_start() {
    for (kind, room) in rooms() {
        let all: Vec<_> = (0..4).map(|_| db(kind, &room, 1)).collect();
        let steps = || first().sql("0002_note", "ALTER TABLE country ADD COLUMN note VARCHAR(20)");
        for answer in join_all(all.iter().map(|db| db.migrate(steps()))).await {
            answer.unwrap();
        }
        let mut other = Other::new(kind, &room).await;
        assert_eq!(other.number("SELECT COUNT(*) FROM bw_migration").await, 2, "{kind:?}");
        for db in all {
            assert_eq!(db.repository::<Country>().try_get("de".into()).await.unwrap(), None);
            db.close().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_step_is_applied_once_and_never_changed_and_one_that_fails_is_named() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(first()).await.unwrap();
        let germany = NewCountry { code: "de".into(), name: "Germany".into() };
        db.repository::<Country>().insert(germany).await.unwrap();
        let error = db.migrate(first().sql("0002_typo", "ALTR")).await.unwrap_err();
        assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0002_typo")), "{error:?}");
        let second = |sql: &str| first().sql("0002_note", sql);
        db.migrate(second("ALTER TABLE country ADD COLUMN note VARCHAR(20)")).await.unwrap();
        let error = db.migrate(second("ALTER TABLE country ADD COLUMN remark VARCHAR(20)")).await.unwrap_err();
        assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0002_note")));
        let text = db.ddl::<Country>();
        db.migrate(Migrations::new().sql("0001_country", text)).await.unwrap();
        assert_eq!(db.repository::<Country>().get("de".into()).await.unwrap().name, "Germany");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_step_that_stopped_half_way_leaves_nothing_or_is_named_until_somebody_has_seen_to_it() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(first()).await.unwrap();
        let halves = || first().sql("0002_halves", "CREATE TABLE half (id BIGINT); ALTR");
        let error = db.migrate(halves()).await.unwrap_err();
        assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0002_halves")));
        let mut other = Other::new(kind, &room).await;
        let begun = other.number("SELECT COUNT(*) FROM bw_migration WHERE name LIKE '0002%'").await;
        if kind == Kind::Postgres {
            assert_eq!(begun, 0);
            continue;
        }
        assert_eq!((begun, error.field("applied")), (1, Some("1")));
        let error = db.migrate(first().sql("0002_halves", "CREATE TABLE whole (id BIGINT)")).await.unwrap_err();
        assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0002_halves")));
        other.run("DROP TABLE half; DELETE FROM bw_migration WHERE applied_at IS NULL").await;
        db.migrate(first().sql("0002_halves", "CREATE TABLE whole (id BIGINT)")).await.unwrap();
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_step_that_ends_the_transaction_of_all_is_refused_by_name() {
    for (kind, room) in rooms() {
        if kind == Kind::Mysql {
            continue; // there is no such transaction there
        }
        let db = db(kind, &room, 1);
        for rash in ["CREATE TABLE a (b int); COMMIT", "COMMIT; BEGIN; CREATE TABLE a (b int)"] {
            let error = db.migrate(Migrations::new().sql("0001_rash", rash)).await.unwrap_err();
            assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0001_rash")));
        }
        db.close().await.unwrap();
    }
}
