//! Tables that change while they are read.

use super::{
    super::shop::{Country, NewCountry, tables},
    Kind, Other, db, rooms,
};

#[tokio::test]
async fn statements_that_were_prepared_before_a_table_changed_are_prepared_again() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        let change = |to: u32| match kind {
            Kind::Postgres => format!("ALTER TABLE country ALTER COLUMN name TYPE varchar({to})"),
            Kind::Mysql => format!("ALTER TABLE country MODIFY name VARCHAR({to}) NOT NULL"),
        };
        for number in 0..10 {
            let country = NewCountry { code: format!("c{number}"), name: format!("Country {number}") };
            let inserted = db.repository::<Country>().insert(country).await.unwrap();
            for _ in 0..3 {
                let read = db.repository::<Country>().get(inserted.code.clone()).await.unwrap();
                assert_eq!(read, inserted, "{kind:?}");
            }
            other.run(&change(70 + number)).await;
            let read = db.repository::<Country>().get(inserted.code.clone()).await.unwrap();
            assert_eq!(read, inserted, "{kind:?}");
        }
        other.run("ALTER TABLE country ADD COLUMN note VARCHAR(20)").await;
        assert_eq!(db.repository::<Country>().get("c1".into()).await.unwrap().name, "Country 1");
        other.run("DROP TABLE country").await;
        let error = db.repository::<Country>().get("c1".into()).await.unwrap_err();
        assert_eq!(error.code(), "db/not_migrated");
        db.close().await.unwrap();
    }
}
