//! What is promised of one database only.

use bailiwick::{
    entity::{Decimal, Entity},
    repository::{Db, Migrations},
    specification::Spec,
    sql::SqliteStore,
};
use futures_util::future::join_all;

use super::shop::{Country, NewCountry, Order, new, shop, tables};

fn sqlite(folder: &tempfile::TempDir) -> Db {
    Db::from(SqliteStore::open(folder.path().join("shop.db")).unwrap())
}

#[tokio::test]
async fn a_database_that_lacks_tables_or_columns_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    let code = async |db: &Db| db.repository::<Country>().try_get("de".into()).await.unwrap_err().code();
    assert_eq!(code(&db).await, "sql/not_migrated");
    db.migrate(Migrations::new()).await.unwrap();
    assert_eq!(code(&db).await, "db/not_migrated");
    db.migrate(Migrations::new().sql("0001", "CREATE TABLE country (code TEXT PRIMARY KEY)")).await.unwrap();
    assert_eq!(code(&db).await, "db/schema");
    db.close().await.unwrap();
    assert_eq!(code(&db).await, "store/closed");
}

#[tokio::test]
async fn a_step_of_the_migrations_is_applied_once_and_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    let first = || Migrations::new().ddl::<Country>("0001_country");
    let (one, two) = tokio::join!(db.migrate(first()), db.migrate(first()));
    assert!(one.is_ok() && two.is_ok());
    let germany = NewCountry { code: "de".into(), name: "Germany".into() };
    db.repository::<Country>().insert(germany).await.unwrap();
    let failing = first().sql("0002_note", "ALTER TABLE country ADD COLUMN note TEXT").sql("0003_typo", "ALTR");
    let error = db.migrate(failing).await.unwrap_err();
    assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0003_typo")));
    let second = |sql: &str| first().sql("0002_note", sql);
    db.migrate(second("ALTER TABLE country ADD COLUMN note TEXT")).await.unwrap();
    let error = db.migrate(second("ALTER TABLE country ADD COLUMN remark TEXT")).await.unwrap_err();
    assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0002_note")));
    assert_eq!(db.repository::<Country>().get("de".into()).await.unwrap().name, "Germany");
}

#[tokio::test]
async fn the_table_of_an_entity_is_written_down_before_the_entity_changes() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    db.migrate(Migrations::new().ddl::<Country>("0001_country")).await.unwrap();
    let text = db.ddl::<Country>();
    assert_eq!(
        text,
        "CREATE TABLE \"country\" (\n    \"code\" TEXT NOT NULL,\n    \"name\" TEXT NOT NULL,\n    PRIMARY KEY (\"code\")\n) STRICT"
    );
    db.migrate(Migrations::new().sql("0001_country", text)).await.unwrap();
    let error = db.migrate(Migrations::new().ddl::<Order>("0001_country")).await.unwrap_err();
    assert!(error.to_string().contains("Db::ddl"), "{error}");
}

mod priced {
    use super::{Decimal, Entity};

    #[derive(Entity)]
    #[entity(table = "price")]
    pub struct Price {
        #[id]
        pub id: i64,
        #[col(decimal(10, 2))]
        pub amount: Decimal,
    }
}

mod priced_finer {
    use super::{Decimal, Entity};

    #[derive(Entity)]
    #[entity(table = "price")]
    pub struct Price {
        #[id]
        pub id: i64,
        #[col(decimal(10, 4))]
        pub amount: Decimal,
    }
}

#[tokio::test]
async fn a_decimal_with_other_digits_is_another_step() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    db.migrate(Migrations::new().ddl::<priced::Price>("0001_price")).await.unwrap();
    let error = db.migrate(Migrations::new().ddl::<priced_finer::Price>("0001_price")).await.unwrap_err();
    assert_eq!(error.code(), "db/schema");
}

#[tokio::test]
async fn a_step_that_ends_the_transaction_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    let error = db.migrate(Migrations::new().sql("0001_rash", "CREATE TABLE a (b); COMMIT")).await.unwrap_err();
    assert_eq!((error.code(), error.field("step")), ("db/schema", Some("0001_rash")));
}

#[tokio::test]
async fn a_write_that_fails_fails_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    let trap =
        "CREATE TRIGGER trap BEFORE INSERT ON orders WHEN NEW.pieces = 13 BEGIN SELECT json_extract('{', '$'); END";
    db.migrate(tables().sql("0005_trap", trap)).await.unwrap();
    let shop = shop(&db, "acme");
    let insert = async |number: u32| {
        let pieces = if number.is_multiple_of(10) { Some(13) } else { None };
        shop.repository::<Order>().insert(super::shop::NewOrder { pieces, ..new(number) }).await.map(drop)
    };
    let answers = join_all((0..60).map(insert)).await;
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer.is_err(), number % 10 == 0, "{number}: {answer:?}");
    }
    assert_eq!(shop.repository::<Order>().find(Spec::all()).list().await.unwrap().len(), 54);
}

#[tokio::test]
async fn a_version_ends_with_the_last_number() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(&folder);
    db.migrate(tables()).await.unwrap();
    let order = shop(&db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    let last = "UPDATE orders SET version = 9223372036854775807";
    db.migrate(tables().sql("0005_last", last)).await.unwrap();
    let shop = shop(&db, "acme");
    let mut order = shop.repository::<Order>().get(order.id).await.unwrap();
    let error = shop.repository::<Order>().save(&mut order).await.unwrap_err();
    assert_eq!(error.code(), "repository/value", "{error:?}");
}

#[tokio::test]
async fn in_memory_tables_of_two_schemas_are_two_and_two_forms_of_one_are_refused() {
    let db = Db::memory();
    db.repository::<priced::Price>().insert(priced::NewPrice { id: 1, amount: Decimal::from(1) }).await.unwrap();
    assert!(db.repository::<priced_finer::Price>().try_get(1).await.is_ok());
    let other = db.repository::<elsewhere::Price>();
    assert_eq!({ other }.find(Spec::all()).list().await.unwrap().len(), 0);
    let error = db.repository::<wider::Price>().try_get(1).await.map(drop).unwrap_err();
    assert_eq!(error.code(), "db/schema");
}

mod elsewhere {
    use super::Entity;

    #[derive(Entity)]
    #[entity(table = "price", schema = "other")]
    pub struct Price {
        #[id]
        pub id: i64,
    }
}

mod wider {
    use super::Entity;

    #[derive(Entity)]
    #[entity(table = "price")]
    pub struct Price {
        #[id]
        pub id: i64,
        pub note: Option<String>,
    }
}

#[test]
fn a_specification_and_a_find_do_not_show_sensitive_values() {
    use crate::order::Order;
    let spec = Order::phone().contains("555-0199");
    assert!(!format!("{spec:?}").contains("555"), "{spec:?}");
}
