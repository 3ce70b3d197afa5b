//! Texts are their bytes, whatever the database takes for equal.

use bailiwick::specification::Spec;

use super::{
    super::shop::{NewOrder, Order, new, shop, tables},
    Kind, Other, db, rooms,
};

#[tokio::test]
async fn the_collation_of_a_database_makes_no_two_texts_one() {
    for (kind, room) in rooms() {
        if kind == Kind::Mysql {
            let mut other = Other::new(kind, &room).await;
            let careless = "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
            other.run(careless).await;
        }
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let alike = ["acme", "ACME", "Acme", "0", "00", "NULL", "null"];
        for (number, tenant) in (0..).zip(alike) {
            let shop = shop(&db, tenant);
            for (step, label) in (0..).zip(["a", "A", "á", "a ", "a\u{301}", ""]) {
                let order = NewOrder { number: label.into(), label: Some(label.into()), ..new(number * 100 + step) };
                shop.repository::<Order>().insert(order).await.unwrap();
            }
        }
        for tenant in alike {
            let shop = shop(&db, tenant);
            let mut orders = shop.repository::<Order>();
            assert_eq!(orders.find(Spec::all()).list().await.unwrap().len(), 6, "{tenant} on {kind:?}");
            for label in ["a", "A", "á", "a ", "a\u{301}", ""] {
                let found = orders.find(Order::label().eq(label)).one().await.unwrap();
                assert_eq!((found.tenant.as_str(), found.label.as_deref()), (tenant, Some(label)));
            }
        }
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_key_of_a_table_that_was_written_by_hand_is_named_all_the_same() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        let (sql, named) = match kind {
            Kind::Postgres => ("CREATE UNIQUE INDEX one_channel ON orders (tenant, channel)", "tenant, channel"),
            Kind::Mysql => ("CREATE UNIQUE INDEX one_channel ON orders (tenant, channel)", "one_channel"),
        };
        other.run(sql).await;
        let shop = shop(&db, "acme");
        shop.repository::<Order>().insert(new(1)).await.unwrap();
        let error = shop.repository::<Order>().insert(new(2)).await.unwrap_err();
        assert_eq!((error.code(), error.field("key")), ("repository/duplicate", Some(named)), "{kind:?}");
        db.close().await.unwrap();
    }
}
