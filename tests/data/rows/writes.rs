//! Writes.

use std::time::Duration;

use bailiwick::{
    Version,
    actor::{Actor, ActorId},
    entity::Decimal,
    repository::{Db, Deleted, DuplicateEntity, Expect, PurgeGrant, Scope, VersionConflict},
    specification::Spec,
};

use super::{
    rows_of,
    shop::{Country, CountryPatch, NewCountry, NewOrder, Order, OrderPatch, Status, clock, new, shop, shop_at},
};

pub async fn an_entity_is_stamped_when_it_is_inserted_and_when_it_is_saved(db: &Db) {
    let clock = clock();
    let shop = shop_at(db, "acme", clock.clone());
    let mut order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let ada = Some(ActorId::new("ada"));
    assert_eq!((order.tenant.as_str(), order.version, &order.created_by), ("acme", Version::new(1), &ada));
    assert_eq!((order.created_at, order.updated_at), (clock.now(), clock.now()));
    let inserted = order.clone();
    clock.advance(Duration::from_secs(60));
    order.label = Some("rush".into());
    order.channel = "shop".into(); // written once
    shop.repository::<Order>().save(&mut order).await.unwrap();
    assert_eq!((order.version, order.updated_at), (Version::new(2), clock.now()));
    let read = shop.repository::<Order>().get(order.id).await.unwrap();
    assert_eq!(read.channel, "web");
    assert_eq!(read, Order { channel: "web".into(), ..order });
    assert_eq!((read.created_at, read.created_by), (inserted.created_at, inserted.created_by));
}

pub async fn a_key_that_is_taken_is_a_duplicate_that_names_the_key_and_no_value(db: &Db) {
    let shop = shop(db, "acme");
    shop.repository::<Order>().insert(new(1)).await.unwrap();
    let same_number = NewOrder { id: None, ..new(1) };
    let error = shop.repository::<Order>().insert(same_number).await.unwrap_err();
    assert_eq!(error.code(), "repository/duplicate");
    assert!(error.is_conflict());
    let duplicate = error.cause::<DuplicateEntity>().unwrap();
    assert_eq!((duplicate.entity, duplicate.key.as_str()), ("Order", "tenant, number"));
    assert!(!format!("{error:?}").contains("A-1"), "{error:?}");
    let same_id = NewOrder { number: "B".into(), ..new(1) };
    let error = shop.repository::<Order>().insert(same_id).await.unwrap_err();
    assert_eq!(error.cause::<DuplicateEntity>().unwrap().key, "id");
    assert_eq!(rows_of(db, "acme").await, 1);
}

pub async fn the_second_of_two_who_save_learns_of_the_first(db: &Db) {
    let shop = shop(db, "acme");
    let mut first = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let mut second = first.clone();
    first.status = Status::Paid;
    shop.repository::<Order>().save(&mut first).await.unwrap();
    second.label = Some("late".into());
    let before = second.clone();
    let error = shop.repository::<Order>().save(&mut second).await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
    let conflict = error.cause::<VersionConflict>().unwrap();
    assert_eq!((conflict.expected, conflict.actual), (Version::new(1), Version::new(2)));
    assert_eq!(second, before, "the entity is as it was");
    assert_eq!(shop.repository::<Order>().get(first.id).await.unwrap(), first);
}

pub async fn a_save_of_what_is_gone_is_not_found(db: &Db) {
    let shop = shop(db, "acme");
    let mut order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    shop.repository::<Order>().delete(order.id, Expect::Any).await.unwrap();
    assert!(shop.repository::<Order>().save(&mut order).await.unwrap_err().is_not_found());
    let patch = OrderPatch::new().gift(true);
    assert!(shop.repository::<Order>().patch(order.id, Expect::Any, patch).await.unwrap_err().is_not_found());
    shop.repository::<Order>().purge(order.id, &PurgeGrant::new("a test")).await.unwrap();
    assert!(shop.repository::<Order>().save(&mut order).await.unwrap_err().is_not_found());
}

pub async fn only_what_differs_is_saved_and_nothing_if_nothing_does(db: &Db) {
    let shop = shop(db, "acme");
    let before = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let mut now = before.clone();
    assert!(!shop.repository::<Order>().save_changes(&before, &mut now).await.unwrap());
    assert_eq!(shop.repository::<Order>().get(before.id).await.unwrap(), before, "not even the version");
    now.pieces = Some(3);
    assert!(shop.repository::<Order>().save_changes(&before, &mut now).await.unwrap());
    assert_eq!(shop.repository::<Order>().get(before.id).await.unwrap(), now);
    let mut late = before.clone();
    late.gift = true;
    assert!(shop.repository::<Order>().save_changes(&before, &mut late).await.unwrap_err().is_conflict());
}

pub async fn a_patch_changes_what_it_names_and_nothing_else(db: &Db) {
    let shop = shop(db, "acme");
    let order = shop.repository::<Order>().insert(NewOrder { label: Some("x".into()), ..new(1) }).await.unwrap();
    let patch = OrderPatch::new().label(None).total(Decimal::from(9));
    shop.repository::<Order>().patch(order.id, Expect::Version(Version::new(1)), patch).await.unwrap();
    let read = shop.repository::<Order>().get(order.id).await.unwrap();
    assert_eq!((&read.label, read.total, read.version), (&None, Decimal::from(9), Version::new(2)));
    assert_eq!(read, Order { label: None, total: Decimal::from(9), version: Version::new(2), ..order.clone() });
    let stale = OrderPatch::new().gift(true);
    let error = shop.repository::<Order>().patch(order.id, Expect::Version(Version::new(1)), stale).await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
    shop.repository::<Order>().patch(order.id, Expect::Version(Version::new(1)), OrderPatch::new()).await.unwrap();
    assert_eq!(shop.repository::<Order>().get(order.id).await.unwrap(), read);
}

pub async fn what_is_deleted_is_passed_over_and_its_key_is_free(db: &Db) {
    let shop = shop(db, "acme");
    let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    shop.repository::<Order>().delete(order.id, Expect::Any).await.unwrap();
    assert_eq!(shop.repository::<Order>().try_get(order.id).await.unwrap(), None);
    assert!(!shop.repository::<Order>().find(Spec::all()).exists().await.unwrap());
    let deleted = shop.repository::<Order>().only_deleted().get(order.id).await.unwrap();
    assert_eq!((deleted.deleted_at, deleted.deleted_by), (Some(clock().now()), Some(ActorId::new("ada"))));
    assert_eq!(deleted.version, Version::new(2));
    shop.repository::<Order>().insert(NewOrder { id: None, ..new(1) }).await.unwrap();
    assert_eq!(shop.repository::<Order>().with_deleted().find(Spec::all()).list().await.unwrap().len(), 2);
    assert_eq!(shop.repository::<Order>().only_deleted().find(Spec::all()).list().await.unwrap().len(), 1);
}

pub async fn a_deletion_says_what_it_found(db: &Db) {
    let shop = shop(db, "acme");
    let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let stale = shop.repository::<Order>().delete(order.id, Expect::Version(Version::new(7))).await.unwrap_err();
    assert!(stale.is_conflict(), "{stale:?}");
    assert_eq!(
        shop.repository::<Order>().delete(order.id, Expect::Version(order.version)).await.unwrap(),
        Deleted::Now
    );
    assert_eq!(shop.repository::<Order>().delete(order.id, Expect::Any).await.unwrap(), Deleted::Already);
    let missing = shop.repository::<Order>().delete(new(2).id.unwrap(), Expect::Any).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing:?}");
}

pub async fn what_was_deleted_can_be_restored_unless_its_key_is_taken(db: &Db) {
    let shop = shop(db, "acme");
    let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    shop.repository::<Order>().delete(order.id, Expect::Any).await.unwrap();
    shop.repository::<Order>().restore(order.id).await.unwrap();
    let restored = shop.repository::<Order>().get(order.id).await.unwrap();
    assert_eq!((restored.version, restored.deleted_at, restored.deleted_by), (Version::new(3), None, None));
    shop.repository::<Order>().restore(order.id).await.unwrap();
    shop.repository::<Order>().delete(order.id, Expect::Any).await.unwrap();
    shop.repository::<Order>().insert(NewOrder { id: None, ..new(1) }).await.unwrap();
    let error = shop.repository::<Order>().restore(order.id).await.unwrap_err();
    assert_eq!(error.code(), "repository/restore_conflict");
    assert!(error.is_conflict());
    assert!(shop.repository::<Order>().restore(new(9).id.unwrap()).await.unwrap_err().is_not_found());
}

pub async fn what_is_purged_is_gone_for_good(db: &Db) {
    let shop = shop(db, "acme");
    let grant = PurgeGrant::new("a test");
    for number in [1, 2] {
        let order = shop.repository::<Order>().insert(new(number)).await.unwrap();
        if number == 1 {
            shop.repository::<Order>().delete(order.id, Expect::Any).await.unwrap();
        }
        shop.repository::<Order>().purge(order.id, &grant).await.unwrap();
        assert!(shop.repository::<Order>().purge(order.id, &grant).await.unwrap_err().is_not_found());
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    assert_eq!(rows_of(db, "acme").await, 2);
}

pub async fn a_value_that_its_column_cannot_hold_is_refused_and_nothing_is_written(db: &Db) {
    let shop = shop(db, "acme");
    let wrong = [
        NewOrder { number: "A".repeat(33), ..new(1) },
        NewOrder { label: Some("\0".into()), ..new(1) },
        NewOrder { total: Decimal::new(1, 5), ..new(1) },
        NewOrder { total: Decimal::from(100_000_000_000_000_i64), ..new(1) },
        NewOrder { weight: f64::INFINITY, ..new(1) },
        NewOrder { views: u64::MAX, ..new(1) },
    ];
    for new in wrong {
        let error = shop.repository::<Order>().insert(new).await.unwrap_err();
        assert_eq!(error.code(), "repository/value", "{error}");
    }
    assert_eq!(rows_of(db, "acme").await, 0);
    let mut order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    order.views = u64::MAX;
    assert_eq!(shop.repository::<Order>().save(&mut order).await.unwrap_err().code(), "repository/value");
    let patch = OrderPatch::new().number("A".repeat(33));
    assert_eq!(
        shop.repository::<Order>().patch(order.id, Expect::Any, patch).await.unwrap_err().code(),
        "repository/value"
    );
}

pub async fn an_update_that_meets_a_taken_key_changes_nothing(db: &Db) {
    let shop = shop(db, "acme");
    let first = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let mut second = shop.repository::<Order>().insert(new(2)).await.unwrap();
    let before = second.clone();
    second.number = "A-1".into();
    let error = shop.repository::<Order>().save(&mut second).await.unwrap_err();
    assert_eq!(error.code(), "repository/duplicate");
    assert_eq!(shop.repository::<Order>().get(before.id).await.unwrap(), before);
    assert_eq!(shop.repository::<Order>().get(first.id).await.unwrap(), first);
    shop.repository::<Order>().save(&mut Order { gift: true, ..before }).await.unwrap();
}

pub async fn a_stamp_that_its_column_cannot_hold_is_refused(db: &Db) {
    let order = shop(db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    let longest = Actor::new("a".repeat(201));
    let scope = Scope::tenant("acme").unwrap().actor(&longest);
    let shop = db.scoped(scope);
    let codes = [
        shop.repository::<Order>().insert(new(2)).await.map(drop),
        shop.repository::<Order>().patch(order.id, Expect::Any, OrderPatch::new().gift(true)).await,
        shop.repository::<Order>().delete(order.id, Expect::Any).await.map(drop),
        shop.repository::<Order>().save(&mut order.clone()).await,
    ];
    for code in codes {
        assert_eq!(code.unwrap_err().code(), "repository/value");
    }
}

pub async fn a_version_is_expected_only_of_what_has_one(db: &Db) {
    db.repository::<Country>().insert(NewCountry { code: "de".into(), name: "Germany".into() }).await.unwrap();
    let patch = CountryPatch::new().name("x".into());
    let error =
        db.repository::<Country>().patch("de".into(), Expect::Version(Version::new(7)), patch).await.unwrap_err();
    assert_eq!(error.code(), "repository/no_version");
}
