//! Very many rows at once.

use std::ops::Range;

use bailiwick::{
    repository::{OnError, Scoped},
    unit_of_work::Begin,
};

use super::{db, number, options, other, room, run};
use crate::large::{NewWide, Wide, of, tables, wide};

/// Each statement that inserts leaves the number of its rows.
const LOG: &str = "CREATE TABLE inserted (rows bigint NOT NULL);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO inserted SELECT count(*) FROM added; RETURN NULL; END $$;
    CREATE TRIGGER note AFTER INSERT ON wide REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note()";

#[tokio::test]
async fn many_rows_are_inserted_by_statements_that_are_not_too_long() {
    let Some(room) = room() else { return };
    let db = db(options(&room.plain_url()).readers(2));
    db.migrate(tables().sql("0006_log", LOG)).await.unwrap();
    let (acme, mut root) = (of(&db, "acme"), other(&room.url()).await);
    for (places, in_a_unit) in
        [(0..5_000, false), (10_000..15_000, true), (20_000..40_000, false), (40_000..60_000, true)]
    {
        let rows = places.end - places.start;
        insert(&acme, places, in_a_unit).await;
        assert_eq!(number(&mut root, "SELECT sum(rows)::bigint FROM inserted").await, rows);
        assert!(number(&mut root, "SELECT max(rows) FROM inserted").await <= 1_000, "{rows}, {in_a_unit}");
        assert!(number(&mut root, "SELECT count(*) FROM inserted").await <= rows / 500, "{rows}, {in_a_unit}");
        run(&mut root, "DELETE FROM inserted").await.unwrap();
    }
    assert_eq!(number(&mut root, "SELECT count(*) FROM wide WHERE tenant = 'acme'").await, 50_000);
    db.close().await.unwrap();
}

async fn insert(acme: &Scoped, places: Range<i64>, in_a_unit: bool) {
    let rows: Vec<NewWide> = places.map(wide).collect();
    if !in_a_unit {
        acme.repository::<Wide>().insert_many(rows, OnError::Abort).await.unwrap();
        return;
    }
    let mut unit = acme.begin(Begin::write()).await.unwrap();
    unit.repository::<Wide>().insert_many(rows, OnError::Abort).await.unwrap();
    unit.commit().await.unwrap();
}
