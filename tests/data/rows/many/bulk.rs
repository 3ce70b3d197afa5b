//! Writes of many rows.

use std::time::Duration;

use bailiwick::{
    Version,
    actor::{Actor, ActorId},
    entity::Decimal,
    repository::{Affected, Db, DuplicateEntity, Expect, ManyConflicts, OnError, Repository, Scope, Upserted},
    specification::Spec,
    unit_of_work::Begin,
};

use crate::rows::{
    rows_of,
    shop::{
        Country, Item, ItemPatch, NewCountry, NewOrder, Order, OrderId, OrderPatch, clock, item, new, shop, shop_at,
    },
};

async fn all(orders: &mut Repository<'_, Order>) -> Vec<Order> {
    orders.find(Spec::all()).sort(Order::number().asc()).list().await.unwrap()
}

pub async fn a_change_of_many_rows_keeps_their_versions_and_stamps(db: &Db) {
    let clock = clock();
    let shop = shop_at(db, "acme", clock.clone());
    for number in 1..=4 {
        let pieces = (number != 3).then_some(i64::from(number));
        shop.repository::<Order>().insert(NewOrder { pieces, ..new(number) }).await.unwrap();
    }
    shop.repository::<Order>().delete(new(4).id.unwrap(), Expect::Any).await.unwrap();
    let before = all(&mut shop.repository::<Order>().with_deleted()).await;
    clock.advance(Duration::from_secs(60));
    let bob = db.scoped(Scope::tenant("acme").unwrap().actor(&Actor::new("bob")).clock(clock.clone()));
    let patch = OrderPatch::new().label(Some("rush".into())).total(Decimal::from(9));
    let changed = bob.repository::<Order>().update_where(Order::pieces().gt(1), patch).await.unwrap();
    assert_eq!(changed.rows, 1, "not what is null, and not what is deleted");
    let after = all(&mut shop.repository::<Order>().with_deleted()).await;
    assert_eq!([&after[0], &after[2], &after[3]], [&before[0], &before[2], &before[3]]);
    let expected = Order {
        label: Some("rush".into()),
        total: Decimal::from(9),
        version: Version::new(2),
        updated_at: clock.now(),
        updated_by: Some(ActorId::new("bob")),
        ..before[1].clone()
    };
    assert_eq!(after[1], expected);
    let nothing = bob.repository::<Order>().update_where(Order::pieces().gt(1), OrderPatch::new()).await.unwrap();
    assert_eq!(nothing.rows, 0);
    assert_eq!(all(&mut shop.repository::<Order>().with_deleted()).await, after);
}

pub async fn a_deletion_of_many_rows_marks_those_that_live(db: &Db) {
    let shop = shop(db, "acme");
    for number in 1..=4 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    shop.repository::<Order>().delete(new(4).id.unwrap(), Expect::Any).await.unwrap();
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.delete_where(Order::total().ge(2)).await.unwrap().rows, 2);
    assert_eq!(orders.delete_where(Order::total().ge(2)).await.unwrap().rows, 0);
    let gone = all(&mut shop.repository::<Order>().only_deleted()).await;
    assert_eq!(gone.len(), 3);
    assert!(gone.iter().all(|order| order.version == Version::new(2) && order.deleted_at == Some(clock().now())));
    for (code, name) in [("de", "Germany"), ("at", "Austria")] {
        db.repository::<Country>().insert(NewCountry { code: code.into(), name: name.into() }).await.unwrap();
    }
    let mut countries = db.repository::<Country>();
    assert_eq!(countries.delete_where(Country::name().eq("Austria")).await.unwrap().rows, 1);
    assert_eq!(countries.find(Spec::all()).one().await.unwrap().code, "de");
}

pub async fn many_are_deleted_by_their_ids_and_each_once(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..5 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let mut ids: Vec<OrderId> = (2..3_000).map(|number| new(number).id.unwrap()).collect();
    ids.push(ids[0]);
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.delete_many(&ids).await.unwrap().rows, 3);
    assert_eq!(orders.delete_many(&ids).await.unwrap().rows, 0);
    assert_eq!(orders.delete_many(&[]).await.unwrap().rows, 0);
    let left: Vec<_> = all(&mut orders).await.into_iter().map(|order| order.number).collect();
    assert_eq!(left, ["A-0", "A-1"]);
    let many: Vec<OrderId> = (0..100_001).map(|number| new(number).id.unwrap()).collect();
    assert_eq!(orders.delete_many(&many).await.unwrap_err().code(), "repository/too_many_rows");
}

pub async fn a_condition_that_always_holds_changes_nothing_unless_it_is_allowed(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..3 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let always = [
        Spec::all(),
        !Spec::none(),
        Spec::all() | Order::gift().eq(true),
        Spec::all_of([Spec::all(), !(Spec::none() & Order::gift().eq(true))]),
        Order::pieces().not_in(Vec::<i64>::new()),
    ];
    let mut orders = shop.repository::<Order>();
    for spec in always {
        let patch = OrderPatch::new().gift(true);
        assert_eq!(orders.update_where(spec.clone(), patch).await.unwrap_err().code(), "repository/unbounded");
        assert_eq!(orders.delete_where(spec).await.unwrap_err().code(), "repository/unbounded");
    }
    assert_eq!(all(&mut orders).await.iter().filter(|order| order.gift).count(), 0);
    let patch = OrderPatch::new().gift(true);
    let changed: Affected = shop.repository::<Order>().everything().update_where(Spec::all(), patch).await.unwrap();
    assert_eq!(changed.rows, 3);
    assert_eq!(shop.repository::<Order>().everything().delete_where(Spec::all()).await.unwrap().rows, 3);
    assert_eq!(rows_of(db, "acme").await, 3);
}

pub async fn a_change_of_many_that_the_table_refuses_changes_none(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..3 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    let before = all(&mut orders).await;
    let twice = orders.update_where(Order::total().ge(1), OrderPatch::new().number("B".into())).await.unwrap_err();
    assert_eq!(twice.code(), "repository/duplicate");
    let long = OrderPatch::new().number("A".repeat(33));
    assert_eq!(orders.update_where(Order::total().ge(1), long).await.unwrap_err().code(), "repository/value");
    assert_eq!(all(&mut orders).await, before);
}

pub async fn many_rows_are_inserted_as_they_were_given(db: &Db) {
    let shop = shop(db, "acme");
    let mut from = 0;
    for count in [0, 1, 99, 100, 101, 355] {
        let rows: Vec<_> = (from..from + count)
            .map(|number| {
                let label = (number % 3 == 0).then(|| format!("ü{number}"));
                NewOrder { label, pieces: (number % 2 == 0).then_some(-1), picture: Some(vec![0, 255]), ..new(number) }
            })
            .collect();
        let inserted = shop.repository::<Order>().insert_many(rows, OnError::Abort).await.unwrap();
        assert!(inserted.failed.is_empty());
        assert_eq!(inserted.stored.len(), count as usize);
        let ids: Vec<_> = inserted.stored.iter().map(|order| order.id).collect();
        let read = shop.repository::<Order>().get_many(&ids).await.unwrap();
        assert!(read.into_iter().flatten().eq(inserted.stored));
        from += count;
    }
    assert_eq!(rows_of(db, "acme").await, 656);
}

pub async fn one_row_that_cannot_be_inserted_keeps_all_out(db: &Db) {
    let shop = shop(db, "acme");
    shop.repository::<Order>().insert(new(77)).await.unwrap();
    let rows: Vec<_> = (0..300).map(|number| NewOrder { id: None, ..new(number) }).collect();
    let error = shop.repository::<Order>().insert_many(rows, OnError::default()).await.unwrap_err();
    assert_eq!(error.cause::<DuplicateEntity>().unwrap().key, "tenant, number");
    let mut rows: Vec<_> = (100..300).map(new).collect();
    rows[150].weight = f64::NAN;
    let error = shop.repository::<Order>().insert_many(rows, OnError::Abort).await.unwrap_err();
    assert_eq!((error.code(), error.field("index")), ("repository/value", Some("150")));
    assert_eq!(rows_of(db, "acme").await, 1);
    let many = (0..100_001).map(new).collect();
    let error = shop.repository::<Order>().insert_many(many, OnError::Collect).await.unwrap_err();
    assert_eq!(error.code(), "repository/too_many_rows");
}

pub async fn rows_that_cannot_be_inserted_are_named_and_the_others_stored(db: &Db) {
    let shop = shop(db, "acme");
    for number in [3, 150, 249] {
        shop.repository::<Order>().insert(NewOrder { id: None, ..new(number) }).await.unwrap();
    }
    let mut rows: Vec<_> = (0..250).map(new).collect();
    rows[7].label = Some("\0".into());
    rows[8].number = "A-9".into(); // and so the tenth has it, too
    let inserted = shop.repository::<Order>().insert_many(rows, OnError::Collect).await.unwrap();
    let failed: Vec<_> = inserted.failed.iter().map(|(index, error)| (*index, error.code())).collect();
    let (duplicate, value) = ("repository/duplicate", "repository/value");
    assert_eq!(failed, [(3, duplicate), (7, value), (9, duplicate), (150, duplicate), (249, duplicate)]);
    assert_eq!(inserted.stored.len(), 245);
    assert_eq!(rows_of(db, "acme").await, 248);
    let ids: Vec<_> = inserted.stored.iter().map(|order| order.id).collect();
    let read = shop.repository::<Order>().get_many(&ids).await.unwrap();
    assert!(read.into_iter().flatten().eq(inserted.stored));
}

pub async fn many_are_saved_or_none_and_the_conflict_names_them(db: &Db) {
    let shop = shop(db, "acme");
    let rows = (0..150).map(new).collect();
    let mut orders = shop.repository::<Order>().insert_many(rows, OnError::Abort).await.unwrap().stored;
    for order in &mut orders {
        order.gift = true;
    }
    shop.repository::<Order>().save_many(&mut orders).await.unwrap();
    assert!(orders.iter().all(|order| order.version == Version::new(2)));
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let stored: Vec<_> = shop.repository::<Order>().get_many(&ids).await.unwrap().into_iter().flatten().collect();
    assert_eq!(stored, orders);
    shop.repository::<Order>().patch(ids[20], Expect::Any, OrderPatch::new().gift(false)).await.unwrap();
    shop.repository::<Order>().delete(ids[120], Expect::Any).await.unwrap();
    let before: Vec<_> = shop.repository::<Order>().with_deleted().get_many(&ids).await.unwrap();
    let mut late = orders.clone();
    late.iter_mut().for_each(|order| order.label = Some("late".into()));
    let unsaved = late.clone();
    let error = shop.repository::<Order>().save_many(&mut late).await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(error.cause::<ManyConflicts>().unwrap().ids, [ids[20].to_string(), ids[120].to_string()]);
    assert_eq!(late, unsaved, "the entities are as they were");
    assert_eq!(shop.repository::<Order>().with_deleted().get_many(&ids).await.unwrap(), before);
    let mut same = [orders[0].clone(), orders[0].clone()];
    let error = shop.repository::<Order>().save_many(&mut same).await.unwrap_err();
    assert_eq!(error.cause::<ManyConflicts>().unwrap().ids, [ids[0].to_string()]);
    let mut taken = [orders[0].clone(), Order { number: "A-2".into(), ..orders[1].clone() }];
    let error = shop.repository::<Order>().save_many(&mut taken).await.unwrap_err();
    assert_eq!(error.code(), "repository/duplicate");
    assert_eq!(shop.repository::<Order>().with_deleted().get_many(&ids).await.unwrap(), before);
    shop.repository::<Order>().save_many(&mut []).await.unwrap();
}

pub async fn in_a_unit_bulk_writes_end_with_it_and_what_is_left_out_does_it_no_harm(db: &Db) {
    let shop = shop(db, "acme");
    let rows = (0..150).map(new).collect();
    let mut before = shop.repository::<Order>().insert_many(rows, OnError::Abort).await.unwrap().stored;
    for commits in [false, true] {
        let mut unit = shop.begin(Begin::write()).await.unwrap();
        let mut orders = unit.repository::<Order>();
        let rows = (148..260).map(new).collect();
        let inserted = orders.insert_many(rows, OnError::Collect).await.unwrap();
        assert_eq!((inserted.stored.len(), inserted.failed.len()), (110, 2));
        let stale = Order { version: Version::new(7), ..before[1].clone() };
        let mut some = [Order { gift: true, ..before[0].clone() }, stale];
        assert_eq!(orders.save_many(&mut some).await.unwrap_err().code(), "repository/version_conflict");
        let patch = OrderPatch::new().label(Some("x".into()));
        assert_eq!(orders.update_where(Order::number().eq("A-0"), patch).await.unwrap().rows, 1);
        let again = NewOrder { id: None, ..new(2) };
        assert!(matches!(orders.upsert(again, Order::unique_number()).await.unwrap(), Upserted::Updated(_)));
        assert_eq!(orders.delete_many(&[before[3].id]).await.unwrap().rows, 1);
        assert_eq!(orders.find(Spec::all()).sum(Order::views()).await.unwrap(), Some(0));
        if commits {
            unit.commit().await.map(drop).unwrap()
        } else {
            unit.rollback().await.unwrap()
        }
        assert_eq!(rows_of(db, "acme").await, if commits { 260 } else { 150 });
    }
    let after =
        shop.repository::<Order>().with_deleted().get_many(&[0, 1, 2, 3].map(|at| before[at].id)).await.unwrap();
    before.truncate(4);
    let versions: Vec<_> = after.iter().flatten().map(|order| order.version.get()).collect();
    assert_eq!(versions, [2, 1, 2, 2]);
    assert!(!after[0].as_ref().unwrap().gift, "what was saved with a conflict was undone");
    let mut reader = shop.begin(Begin::read_only()).await.unwrap();
    let refused = reader.repository::<Order>().insert_many(vec![new(999)], OnError::Collect).await.unwrap_err();
    assert_eq!(refused.code(), "unit/read_only");
    let refused = reader.repository::<Order>().upsert(new(999), Order::unique_number()).await.unwrap_err();
    assert_eq!(refused.code(), "unit/read_only");
}

pub async fn bulk_writes_keep_to_the_tenant_where_ids_are_shared(db: &Db) {
    for tenant in ["acme", "other"] {
        let items = vec![item("1", tenant), item("2", tenant)];
        shop(db, tenant).repository::<Item>().insert_many(items, OnError::Abort).await.unwrap();
    }
    let acme = shop(db, "acme");
    let mut items = acme.repository::<Item>();
    assert_eq!(items.update_where(Item::sku().eq("1"), ItemPatch::new().name("x".into())).await.unwrap().rows, 1);
    assert_eq!(items.delete_many(&["2".into(), "3".into()]).await.unwrap().rows, 1);
    let names = async |tenant| {
        let items = shop(db, tenant).repository::<Item>().find(Spec::all()).list().await.unwrap();
        items.into_iter().map(|item| item.name).collect::<Vec<_>>()
    };
    assert_eq!(names("acme").await, ["x"]);
    assert_eq!(names("other").await, ["other", "other"]);
}
