//! Insertions that change the row that is there.

use std::time::Duration;

use bailiwick::{
    Version,
    actor::{Actor, ActorId},
    entity::Decimal,
    repository::{Db, DuplicateEntity, Expect, Scope, Upserted},
    specification::Spec,
};

use crate::rows::{
    rows_of,
    shop::{NewOrder, Order, Status, clock, new, shop, shop_at},
};

pub async fn an_upsert_inserts_or_changes_what_may_change(db: &Db) {
    let clock = clock();
    let shop = shop_at(db, "acme", clock.clone());
    let new_order = || NewOrder { label: Some("first".into()), ..new(1) };
    let first = shop.repository::<Order>().upsert(new_order(), Order::unique_number()).await.unwrap();
    let Upserted::Inserted(first) = first else { panic!("{first:?}") };
    assert_eq!(shop.repository::<Order>().get(first.id).await.unwrap(), first);
    clock.advance(Duration::from_secs(60));
    let bob = db.scoped(Scope::tenant("acme").unwrap().actor(&Actor::new("bob")).clock(clock.clone()));
    let again = NewOrder {
        id: None,
        status: Status::Shipped,
        channel: "shop".into(),
        label: None,
        total: Decimal::from(9),
        ..new(1)
    };
    let second = bob.repository::<Order>().upsert(again, Order::unique_number()).await.unwrap();
    let expected = Order {
        label: None,
        total: Decimal::from(9),
        version: Version::new(2),
        updated_at: clock.now(),
        updated_by: Some(ActorId::new("bob")),
        ..first.clone()
    };
    assert_eq!(second, Upserted::Updated(expected.clone()));
    assert_eq!(shop.repository::<Order>().get(first.id).await.unwrap(), expected);
    assert_eq!(rows_of(db, "acme").await, 1);
}

pub async fn an_upsert_that_meets_another_key_is_a_duplicate(db: &Db) {
    let shop = shop(db, "acme");
    let first = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let same_id = NewOrder { number: "B".into(), ..new(1) };
    let error = shop.repository::<Order>().upsert(same_id, Order::unique_number()).await.unwrap_err();
    assert_eq!(error.cause::<DuplicateEntity>().unwrap().key, "id");
    let wrong = NewOrder { weight: f64::NAN, ..new(1) };
    let error = shop.repository::<Order>().upsert(wrong, Order::unique_number()).await.unwrap_err();
    assert_eq!(error.code(), "repository/value");
    assert_eq!(shop.repository::<Order>().find(Spec::all()).list().await.unwrap(), [first]);
}

pub async fn an_upsert_does_not_see_what_is_deleted(db: &Db) {
    let shop = shop(db, "acme");
    shop.repository::<Order>().insert(new(1)).await.unwrap();
    shop.repository::<Order>().delete(new(1).id.unwrap(), Expect::Any).await.unwrap();
    let before = shop.repository::<Order>().only_deleted().find(Spec::all()).list().await.unwrap();
    let error = shop.repository::<Order>().upsert(new(1), Order::unique_number()).await.unwrap_err();
    assert_eq!(error.cause::<DuplicateEntity>().unwrap().key, "id", "the deleted row keeps its id");
    let fresh = NewOrder { id: None, ..new(1) };
    let inserted = shop.repository::<Order>().upsert(fresh, Order::unique_number()).await.unwrap();
    assert!(matches!(inserted, Upserted::Inserted(_)));
    assert_eq!(shop.repository::<Order>().only_deleted().find(Spec::all()).list().await.unwrap(), before);
}

pub async fn an_upsert_leaves_another_tenants_row_as_it_was(db: &Db) {
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let own = acme.repository::<Order>().insert(new(1)).await.unwrap();
    let same = NewOrder { id: None, gift: true, ..new(1) };
    let theirs = other.repository::<Order>().upsert(same, Order::unique_number()).await.unwrap();
    assert!(matches!(theirs, Upserted::Inserted(_)));
    let same_id = NewOrder { gift: true, ..new(1) };
    let changed = other.repository::<Order>().upsert(same_id, Order::unique_number()).await.unwrap();
    assert_eq!(
        changed.into_entity().id,
        theirs.entity().id,
        "its own row with the number, not the other one with the id"
    );
    let other_number = NewOrder { number: "B".into(), ..new(1) };
    let error = other.repository::<Order>().upsert(other_number, Order::unique_number()).await.unwrap_err();
    assert_eq!(error.code(), "repository/duplicate");
    assert_eq!(acme.repository::<Order>().get(own.id).await.unwrap(), own);
    assert_eq!((rows_of(db, "acme").await, rows_of(db, "other").await), (1, 1));
}

pub async fn two_who_upsert_at_once_make_one_row(db: &Db) {
    let scopes: Vec<_> = (0..8).map(|_| shop(db, "acme")).collect();
    let upserts = scopes.iter().map(async |shop| {
        let row = NewOrder { id: None, ..new(1) };
        shop.repository::<Order>().upsert(row, Order::unique_number()).await.unwrap()
    });
    let answers = futures_util::future::join_all(upserts).await;
    let inserted = answers.iter().filter(|answer| matches!(answer, Upserted::Inserted(_))).count();
    assert_eq!(inserted, 1);
    let only = shop(db, "acme").repository::<Order>().find(Spec::all()).one().await.unwrap();
    assert_eq!(only.version, Version::new(8));
}
