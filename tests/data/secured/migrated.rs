//! Migrations that change the rows of tenants.

use bailiwick::repository::Migrations;

use super::{db, filled, number, options, other, room};

#[tokio::test]
async fn a_step_that_would_reach_no_rows_is_refused_and_done_by_one_who_reaches_them() {
    let Some(room) = room() else { return };
    let db = filled(&room).await;
    let mut root = other(&room.url()).await;
    let steps = [
        "UPDATE orders SET label = 'moved'",
        "DELETE FROM orders WHERE label IS NULL",
        "CREATE TABLE copied AS SELECT number FROM orders",
        "INSERT INTO stock.item (sku, tenant, name, version) SELECT number, tenant, number, 1 FROM orders",
    ];
    for sql in steps {
        let error = db.migrate(Migrations::new().sql("0007_moved", sql)).await.unwrap_err();
        assert_eq!(error.code(), "db/schema", "{error:?}");
        assert!(error.to_string().contains("BYPASSRLS"), "{error:?}");
        assert_eq!(number(&mut root, "SELECT count(*) FROM bw_migration WHERE name = '0007_moved'").await, 0);
    }
    let moved = || Migrations::new().sql("0007_moved", steps[0]);
    let one = self::db(options(&room.system_url()));
    one.migrate(moved()).await.unwrap();
    assert_eq!(number(&mut root, "SELECT count(*) FROM orders WHERE label = 'moved'").await, 6);
    db.migrate(moved()).await.unwrap(); // it is done
    one.close().await.unwrap();
    db.close().await.unwrap();
}
