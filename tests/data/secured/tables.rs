//! Whether the server keeps tenants apart in a table is checked.

use bailiwick::{
    App, TenantId,
    entity::Entity,
    repository::{Migrations, SchemaCheck, SchemaFinding},
    sql::PostgresStore,
};

use super::{Db, db, options, other, room, run};
use crate::rows::shop::{Country, Item, Line, Order, tables};

/// The names of the columns of this view are those of a table.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "item_view", read_only)]
struct ItemView {
    #[id]
    #[col(max = 20)]
    sku: String,
    #[tenant]
    tenant: TenantId,
}

const TABLES: [&bailiwick::entity::Table; 4] = [Order::TABLE, Country::TABLE, Item::TABLE, Line::TABLE];

/// Those of row-level security alone, and the statements that mend them.
async fn found(db: &Db, tables: &[&'static bailiwick::entity::Table]) -> Vec<SchemaFinding> {
    let all = db.check_schema(tables).await.unwrap();
    all.into_iter().filter(|finding| finding.code == "schema/row_security").collect()
}

#[tokio::test]
async fn tables_that_were_there_before_are_found_and_mended() {
    let Some(room) = room() else { return };
    let before = Db::from(PostgresStore::connect(&room.plain_url()).unwrap());
    before.migrate(tables()).await.unwrap();
    assert!(!before.ddl::<Order>().contains("POLICY"));
    before.close().await.unwrap();
    let db = db(options(&room.plain_url()));
    db.migrate(tables()).await.unwrap(); // the same steps
    let findings = found(&db, &TABLES).await;
    assert_eq!(findings.len(), 9, "three for each table of tenants: {findings:?}");
    let app = App::builder().store(options(&room.plain_url()).connect().unwrap()).entity::<Order>();
    let error = app.schema_check(SchemaCheck::Warn).build().await.unwrap_err();
    assert!(format!("{error:?}").contains("schema/row_security"), "{error:?}");
    let repairs: Vec<String> = findings.into_iter().map(|finding| finding.repair.unwrap()).collect();
    db.migrate(tables().sql("0009_row_security", repairs.join("; "))).await.unwrap();
    assert_eq!(found(&db, &TABLES).await, []);
    assert_eq!(db.check_schema(&TABLES).await.unwrap(), []);
    db.close().await.unwrap();
}

#[tokio::test]
async fn what_lets_more_rows_through_is_found() {
    let Some(room) = room() else { return };
    let db = db(options(&room.plain_url()));
    db.migrate(tables()).await.unwrap();
    assert_eq!(db.check_schema(&TABLES).await.unwrap(), []);
    let mut root = other(&room.url()).await;
    let plain = room.plain();
    let view =
        format!("CREATE VIEW item_view AS SELECT sku, tenant FROM stock.item; ALTER VIEW item_view OWNER TO {plain}");
    run(&mut root, &view).await.unwrap();
    run(&mut root, "CREATE POLICY wider ON orders USING (label = 'x')").await.unwrap();
    run(&mut root, "CREATE POLICY less ON line AS RESTRICTIVE USING (true)").await.unwrap();
    run(&mut root, "DROP POLICY bw_tenant ON stock.item; CREATE POLICY bw_tenant ON stock.item USING (true)")
        .await
        .unwrap();
    let findings = found(&db, &[Order::TABLE, Line::TABLE, Item::TABLE, ItemView::TABLE]).await;
    let tables: Vec<&str> = findings.iter().map(|finding| finding.table.as_str()).collect();
    assert_eq!(tables, ["orders", "item", "item", "item_view"], "{findings:?}");
    let repairs: Vec<String> = findings.into_iter().map(|finding| finding.repair.unwrap()).collect();
    db.migrate(Migrations::new().sql("0010_policies", repairs.join("; "))).await.unwrap();
    assert_eq!(found(&db, &[Order::TABLE, Line::TABLE, Item::TABLE, ItemView::TABLE]).await, []);
    for (word, wrong) in [("yes", 0), ("1", 0), ("t", 0), ("ON", 0), ("no", 1), ("0", 1)] {
        run(&mut root, &format!("ALTER VIEW item_view SET (security_invoker = {word})")).await.unwrap();
        assert_eq!(found(&db, &[ItemView::TABLE]).await.len(), wrong, "{word}");
    }
    db.close().await.unwrap();
}
