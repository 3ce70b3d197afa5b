//! Many rows at once.

use bailiwick::{
    Uuid,
    repository::{Db, OnError, Scoped, StreamMode},
    specification::Spec,
    unit_of_work::Begin,
};
use futures_util::TryStreamExt as _;

use super::{NewWide, TEXTS, Wide, WideId, fill, of, wide};

/// All rows by their places.
async fn all(acme: &Scoped) -> Vec<Wide> {
    let mut rows = acme.repository::<Wide>();
    let find = rows.find(Spec::all()).sort(Wide::place().asc());
    find.stream(StreamMode::default()).try_collect().await.unwrap()
}

pub async fn any_number_of_rows_is_stored_as_it_was_given(db: &Db) {
    for (tenant, rows) in [("a", 0), ("b", 1), ("c", 99), ("d", 100), ("e", 101), ("f", 32_767), ("g", 70_000)] {
        let own = of(db, tenant);
        let first = i64::from(tenant.as_bytes()[0]) * 100_000; // ids are of all tenants
        let stored = fill(&own, first..first + rows).await;
        assert_eq!(stored.len(), usize::try_from(rows).unwrap());
        assert!(all(&own).await == stored, "{rows} rows are those that were given");
    }
}

pub async fn a_duplicate_in_the_middle_keeps_all_out_or_is_named(db: &Db) {
    let acme = of(db, "acme");
    for rows in [101, 6_000] {
        let middle = rows / 2;
        let twice = || (0..rows).map(|place| NewWide { place: if place == middle { 3 } else { place }, ..wide(place) });
        let refused = acme.repository::<Wide>().insert_many(twice().collect(), OnError::Abort).await.unwrap_err();
        assert_eq!((refused.code(), refused.field("key")), ("repository/duplicate", Some("tenant, place")));
        assert_eq!(all(&acme).await, [], "nothing is stored");
        let collected = acme.repository::<Wide>().insert_many(twice().collect(), OnError::Collect).await.unwrap();
        let failed: Vec<_> = collected.failed.iter().map(|(index, error)| (*index, error.code())).collect();
        assert_eq!(failed, [(usize::try_from(middle).unwrap(), "repository/duplicate")]);
        assert!(all(&acme).await == collected.stored, "and all others are");
        acme.repository::<Wide>().delete_where(Wide::place().ge(0)).await.unwrap();
    }
}

pub async fn texts_and_nothing_are_told_apart(db: &Db) {
    let acme = of(db, "acme");
    let rows = (0..5_100).map(|place| {
        let text = TEXTS.get(usize::try_from(place).unwrap() % (TEXTS.len() + 1)).map(|text| (*text).to_owned());
        NewWide { label: text.clone(), note: text.clone(), tags: text.into_iter().collect(), ..wide(place) }
    });
    let stored = acme.repository::<Wide>().insert_many(rows.collect(), OnError::Abort).await.unwrap().stored;
    let read = all(&acme).await;
    for (read, stored) in read.iter().zip(&stored) {
        assert_eq!((&read.label, &read.note, &read.tags), (&stored.label, &stored.note, &stored.tags));
    }
    assert!(read == stored);
}

pub async fn rows_that_are_inserted_in_a_unit_end_with_it(db: &Db) {
    let acme = of(db, "acme");
    let mut unit = acme.begin(Begin::write()).await.unwrap();
    unit.repository::<Wide>().insert_many((0..5_000).map(wide).collect(), OnError::Abort).await.unwrap();
    assert_eq!(unit.repository::<Wide>().find(Wide::place().eq(4_999)).list().await.unwrap().len(), 1);
    unit.rollback().await.unwrap();
    assert_eq!(all(&acme).await, []);
    let mut unit = acme.begin(Begin::write()).await.unwrap();
    let part = unit
        .savepoint(async |part| {
            let twice = (0..5_000).chain([17]).map(wide).collect();
            part.repository::<Wide>().insert_many(twice, OnError::Abort).await
        })
        .await
        .unwrap();
    assert_eq!(part.unwrap_err().code(), "repository/duplicate");
    unit.repository::<Wide>().insert_many((0..5_000).map(wide).collect(), OnError::Abort).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(all(&acme).await.len(), 5_000);
}

pub async fn many_ids_are_read_in_their_order(db: &Db) {
    let acme = of(db, "acme");
    let stored = fill(&acme, 0..300).await;
    let ids: Vec<WideId> = (0..70_000_u128).rev().map(|id| WideId::from(Uuid::from_u128(id))).collect();
    let read = acme.repository::<Wide>().get_many(&ids).await.unwrap();
    assert_eq!(read.len(), 70_000);
    assert!(read[..69_700].iter().all(Option::is_none));
    let found: Vec<Wide> = read.into_iter().rev().flatten().collect();
    assert!(found == stored);
}
