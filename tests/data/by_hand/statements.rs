//! Texts, and who carries them out.

use bailiwick::{
    Error,
    repository::{Db, Expect, Params, Scope, Sql, SystemGrant, TenantScope},
    unit_of_work::{Begin, Retry},
};

use super::{ALL, fill, numbers};
use crate::rows::shop::{Country, Item, Line, NewCountry, Order, item, line, new, shop};

const BY_NUMBER: Sql<Order> =
    Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND lower(number) = lower(:number)");
const RELABEL: Sql<Order> =
    Sql::new("UPDATE {table} SET label = :label WHERE tenant = :tenant AND number >= :least AND label IS NULL");

fn number(number: &str) -> Params {
    Params::new().bind("number", number)
}

pub async fn a_statement_reads_the_rows_of_its_tenant_alone(db: &Db) {
    fill(db).await;
    for tenant in ["acme", "other"] {
        let shop = shop(db, tenant);
        let mut orders = shop.repository::<Order>();
        let found = orders.select(BY_NUMBER, number("a-2")).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].tenant.as_str(), found[0].number.as_str()), (tenant, "A-2"));
        assert_eq!(orders.get(found[0].id).await.unwrap(), found[0], "as it is read otherwise");
        assert_eq!(orders.select(BY_NUMBER, number("a-9")).await.unwrap(), []);
    }
    let params = Params::new().bind("label", "rush").bind("least", "A-2");
    assert_eq!(shop(db, "acme").repository::<Order>().execute(RELABEL, params.clone()).await.unwrap(), 2);
    assert_eq!(shop(db, "acme").repository::<Order>().execute(RELABEL, params).await.unwrap(), 0);
    let others = shop(db, "other").repository::<Order>().select(ALL, Params::new()).await.unwrap();
    assert!(others.iter().all(|order| order.label.is_none()));
}

pub async fn a_statement_is_carried_out_by_whoever_has_rows(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let relabel = || Params::new().bind("label", "rush").bind("least", "A-3");
    let mut session = shop.session();
    assert_eq!(session.repository::<Order>().select(BY_NUMBER, number("a-1")).await.unwrap().len(), 1);
    let undone: Result<(), Error> = shop
        .in_tx(Retry::none(), async |unit| {
            assert_eq!(unit.repository::<Order>().execute(RELABEL, relabel()).await?, 1);
            let found = unit.repository::<Order>().select(BY_NUMBER, number("a-3")).await?;
            assert_eq!(found[0].label.as_deref(), Some("rush"), "a unit sees what it wrote");
            Err(Error::new(bailiwick::ErrorKind::Invalid, "test/no", "no"))
        })
        .await;
    assert_eq!(undone.unwrap_err().code(), "test/no");
    assert_eq!(session.repository::<Order>().execute(RELABEL, relabel()).await.unwrap(), 1, "it was undone");
    let labelled = session.repository::<Order>().select(BY_NUMBER, number("A-3")).await.unwrap();
    assert_eq!(labelled[0].label.as_deref(), Some("rush"));
    let version = labelled[0].version;
    session.repository::<Order>().delete(labelled[0].id, Expect::Version(version)).await.unwrap();
    let deleted = session.repository::<Order>().select(BY_NUMBER, number("A-3")).await.unwrap();
    assert!(deleted[0].deleted_at.is_some(), "a statement sees the deleted, unless it says otherwise");
}

const QUOTED: Sql<Order> = Sql::new(
    "SELECT {columns} FROM {table} -- :no {such} thing?
    WHERE tenant = :tenant /* ; :nor this */ AND number <> ':number {x} ? ; it''s' AND number = :number",
)
.postgres(
    "SELECT {columns} FROM {table} WHERE tenant = :tenant AND \"number\"::text = :number::text
    AND number <> ':number {x} ? ; it''s'",
)
.mysql(
    "SELECT {columns} FROM {table} # :no {such} thing?
    WHERE tenant = :tenant AND `number` = :number AND number <> \":number {x} ? ; it''s\"",
);

pub async fn what_stands_in_quotes_and_comments_stays_as_it_is(db: &Db) {
    fill(db).await;
    let found = shop(db, "acme").repository::<Order>().select(QUOTED, number("A-2")).await.unwrap();
    assert_eq!(found.len(), 1);
}

const NARROW: Sql<Order> = Sql::new("SELECT id, tenant FROM {table} WHERE tenant = :tenant");
const MIXED: Sql<Country> = Sql::new("SELECT name, code FROM {table}");
const NAMED: Sql<Country> = Sql::new("SELECT name AS code, code AS name FROM {table}");
const WRONG: Sql<Country> = Sql::new("SELECT 'a' AS code, 1 AS name");

pub async fn rows_of_other_columns_are_refused(db: &Db) {
    fill(db).await;
    let narrow = shop(db, "acme").repository::<Order>().select(NARROW, Params::new()).await.unwrap_err();
    assert_eq!(narrow.code(), "repository/row");
    assert_eq!(narrow.field("selected"), Some("id, tenant"));
    let germany = NewCountry { code: "de".into(), name: "DE".into() };
    db.repository::<Country>().insert(germany).await.unwrap();
    let mut countries = db.repository::<Country>();
    assert_eq!(countries.select(MIXED, Params::new()).await.unwrap_err().code(), "repository/row");
    assert_eq!(countries.select(WRONG, Params::new()).await.unwrap_err().code(), "repository/row");
    assert_eq!(countries.select(NAMED, Params::new()).await.unwrap()[0].code, "DE");
}

const RENAME: Sql<Item> = Sql::new("UPDATE {table} SET name = :name WHERE tenant = :tenant");
const WITH_LINES: Sql<Order> = Sql::new(
    "SELECT {o.columns} FROM {table} AS o JOIN line AS l ON l.order_id = o.id AND l.tenant = o.tenant
    WHERE o.tenant = :tenant AND l.pieces >= :pieces",
);

pub async fn a_table_in_a_schema_and_one_that_is_joined_are_named(db: &Db) {
    let shop = shop(db, "acme");
    shop.repository::<Item>().insert(item("1", "pen")).await.unwrap();
    let renamed = shop.repository::<Item>().execute(RENAME, Params::new().bind("name", "pencil")).await.unwrap();
    assert_eq!(renamed, 1);
    let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    for number in 1..=3 {
        shop.repository::<Line>().insert(line(number, &order)).await.unwrap();
    }
    let found = shop.repository::<Order>().select(WITH_LINES, Params::new().bind("pieces", 2)).await.unwrap();
    assert_eq!(found, [order.clone(), order]);
}

const LOCKED: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant")
    .postgres("SELECT {columns} FROM {table} WHERE tenant = :tenant FOR NO KEY UPDATE")
    .mysql("SELECT {columns} FROM {table} WHERE tenant = :tenant FOR UPDATE");

pub async fn select_reads_and_execute_writes(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let params = Params::new().bind("label", "rush").bind("least", "A-1");
    let refused = shop.repository::<Order>().select(RELABEL, params).await.unwrap_err();
    assert_eq!(refused.code(), "repository/statement");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    assert_eq!(unit.repository::<Order>().select(LOCKED, Params::new()).await.unwrap().len(), 3);
    unit.rollback().await.unwrap();
    const TYPO: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND numbr = 'A-1'");
    let error = shop.repository::<Order>().select(TYPO, Params::new()).await.unwrap_err();
    assert!(error.field("statement").is_some_and(|text| text.contains("numbr")), "{error:?}");
    assert_eq!(numbers(db).await, ["A-1", "A-2", "A-3"]);
}

const ASTRAY: Sql<Order> = Sql::new(
    "SELECT {columns} FROM {table} WHERE tenant = :tenant UNION ALL SELECT {columns} FROM {table} WHERE tenant <> :tenant",
);

pub async fn a_row_of_another_tenant_is_not_handed_out(db: &Db) {
    fill(db).await;
    let error = shop(db, "acme").repository::<Order>().select(ASTRAY, Params::new()).await.unwrap_err();
    assert_eq!(error.code(), "repository/statement", "{error:?}");
}

pub async fn a_unit_that_only_reads_lets_the_database_refuse_what_writes(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::read_only()).await.unwrap();
    assert_eq!(unit.repository::<Order>().select(ALL, Params::new()).await.unwrap().len(), 3);
    let params = Params::new().bind("label", "rush").bind("least", "A-1");
    let refused = unit.repository::<Order>().execute(RELABEL, params.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "unit/read_only", "{refused:?}");
    assert!(std::error::Error::source(&refused).is_some(), "the database has said so");
    drop(unit);
    assert_eq!(shop.repository::<Order>().execute(RELABEL, params).await.unwrap(), 3, "nothing was written before");
}

pub async fn without_one_tenant_nothing_is_sent(db: &Db) {
    fill(db).await;
    let all = TenantScope::All(SystemGrant::new("a test"));
    for scope in [Scope::nobody(), Scope::of(all)] {
        let nobody = db.scoped(scope);
        let read = nobody.repository::<Order>().select(ALL, Params::new()).await.unwrap_err();
        assert_eq!(read.code(), "repository/tenant_required");
        let params = Params::new().bind("label", "rush").bind("least", "A-1");
        let written = nobody.repository::<Order>().execute(RELABEL, params).await.unwrap_err();
        assert_eq!(written.code(), "repository/tenant_required");
    }
    const HERS: Sql<Country> = Sql::new("SELECT {columns} FROM {table} WHERE name = :tenant");
    let refused = db.repository::<Country>().select(HERS, Params::new()).await.unwrap_err();
    assert_eq!(refused.code(), "repository/tenant_required");
}
