//! Tenants.

use bailiwick::{
    repository::{Count, Db, Expect, OnError, Page, PurgeGrant, Scope, StreamMode, SystemGrant, TenantScope, Total},
    specification::Spec,
};

use futures_util::TryStreamExt as _;

use super::{
    rows_of,
    shop::{Item, ItemPatch, Line, NewOrder, Order, OrderPatch, item, line, new, shop},
};

pub async fn another_tenants_row_is_no_row(db: &Db) {
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let mut own = acme.repository::<Order>().insert(new(1)).await.unwrap();
    let (id, absent) = (own.id, new(2).id.unwrap());
    let before = own.clone();
    let mut theirs = other.repository::<Order>();
    for id in [id, absent] {
        assert_eq!(theirs.get(id).await.unwrap_err().code(), "repository/not_found");
        assert_eq!(theirs.try_get(id).await.unwrap(), None);
        assert_eq!(theirs.get_many(&[id]).await.unwrap(), [None]);
        assert!(!theirs.find(Order::id().eq(id)).exists().await.unwrap());
        assert!(theirs.find(Order::id().is_in([id])).list().await.unwrap().is_empty());
        let patch = OrderPatch::new().gift(true);
        assert!(theirs.patch(id, Expect::Any, patch).await.unwrap_err().is_not_found());
        assert!(theirs.delete(id, Expect::Any).await.unwrap_err().is_not_found());
        assert!(theirs.restore(id).await.unwrap_err().is_not_found());
        assert!(theirs.purge(id, &PurgeGrant::new("a test")).await.unwrap_err().is_not_found());
        let stale = Expect::Version(bailiwick::Version::new(9));
        assert!(theirs.delete(id, stale).await.unwrap_err().is_not_found());
    }
    assert!(other.repository::<Order>().with_deleted().try_get(id).await.unwrap().is_none());
    assert_eq!(theirs.find(Spec::all()).count(Count::Exact).await.unwrap(), Total::Exact(0));
    assert_eq!(acme.repository::<Order>().get(id).await.unwrap(), before);
    acme.repository::<Order>().save(&mut own).await.unwrap();
}

pub async fn of_another_tenants_rows_nothing_is_asked_or_written_in_bulk(db: &Db) {
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let own = acme.repository::<Order>().insert(NewOrder { pieces: Some(3), ..new(1) }).await.unwrap();
    let lines = vec![line(1, &own), line(2, &own)];
    let lines = acme.repository::<Line>().insert_many(lines, OnError::Abort).await.unwrap().stored;
    let absent = new(2).id.unwrap();
    let mut theirs = other.repository::<Order>();
    for id in [own.id, absent] {
        let spec = || Order::id().eq(id) | Order::number().eq("A-1");
        let any = || Order::lines().any(Spec::all());
        assert_eq!(theirs.find(spec()).sum(Order::pieces()).await.unwrap(), None);
        assert_eq!(theirs.find(spec()).max(Order::total()).await.unwrap(), None);
        assert!(theirs.find(spec()).having(any()).list().await.unwrap().is_empty());
        assert!(theirs.find(spec()).lacking(any()).list().await.unwrap().is_empty());
        assert!(theirs.find(spec()).stream(StreamMode::default()).try_next().await.unwrap().is_none());
        assert!(theirs.find(spec()).page_number(1_001, 1).await.unwrap().items.is_empty());
        let patch = OrderPatch::new().gift(true);
        assert_eq!(theirs.update_where(spec(), patch).await.unwrap().rows, 0);
        assert_eq!(theirs.delete_where(spec()).await.unwrap().rows, 0);
        assert_eq!(theirs.delete_many(&[id]).await.unwrap().rows, 0);
        let mut foreign = [Order { id, ..own.clone() }];
        let error = theirs.save_many(&mut foreign).await.unwrap_err();
        assert_eq!(error.code(), "repository/cross_tenant_write");
        let mut forged = [Order { id, tenant: bailiwick::TenantId::new("other").unwrap(), ..own.clone() }];
        assert_eq!(theirs.save_many(&mut forged).await.unwrap_err().code(), "repository/version_conflict");
        assert!(theirs.load_many(&[Order { id, ..own.clone() }], Order::lines()).await.unwrap().is_empty());
        assert!(theirs.with_deleted().find(spec()).list().await.unwrap().is_empty());
        theirs = other.repository::<Order>();
    }
    let patch = || OrderPatch::new().gift(true);
    assert_eq!(other.repository::<Order>().everything().update_where(Spec::all(), patch()).await.unwrap().rows, 0);
    assert_eq!(other.repository::<Order>().everything().delete_where(Spec::all()).await.unwrap().rows, 0);
    assert_eq!(acme.repository::<Order>().get(own.id).await.unwrap(), own);
    let left = acme.repository::<Order>().load_many(std::slice::from_ref(&own), Order::lines()).await.unwrap();
    assert_eq!(left.of(&own.id), lines);
}

pub async fn a_tenants_id_is_compared_by_its_bytes(db: &Db) {
    let tenants = ["acme", "ACME", "0", "NULL", "acme.", "a_me", "acm"];
    for (number, tenant) in (0..).zip(tenants) {
        shop(db, tenant).repository::<Order>().insert(new(number)).await.unwrap();
    }
    for (number, tenant) in (0..).zip(tenants) {
        let own = shop(db, tenant).repository::<Order>().find(Spec::all()).one().await.unwrap();
        assert_eq!((own.tenant.as_str(), own.number), (tenant, format!("A-{number}")));
    }
}

pub async fn an_entity_of_another_tenant_is_not_written(db: &Db) {
    let mut own = shop(db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    own.gift = true;
    let before = own.clone();
    let error = shop(db, "other").repository::<Order>().save(&mut own).await.unwrap_err();
    assert_eq!(error.code(), "repository/cross_tenant_write");
    assert_eq!(own, before);
    let changed =
        shop(db, "other").repository::<Order>().save_changes(&Order { gift: false, ..own.clone() }, &mut own).await;
    assert_eq!(changed.unwrap_err().code(), "repository/cross_tenant_write");
    assert!(!shop(db, "acme").repository::<Order>().get(own.id).await.unwrap().gift);
}

pub async fn without_a_tenant_nothing_is_reached(db: &Db) {
    let own = shop(db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    let nobody = db.scoped(Scope::nobody());
    let mut orders = nobody.repository::<Order>();
    let id = new(1).id.unwrap();
    let codes = [
        orders.get(id).await.map(drop),
        orders.find(Spec::all()).list().await.map(drop),
        orders.find(Spec::all()).count(Count::Exact).await.map(drop),
        orders.insert(new(2)).await.map(drop),
        orders.patch(id, Expect::Any, OrderPatch::new().gift(true)).await,
        orders.delete(id, Expect::Any).await.map(drop),
        orders.purge(id, &PurgeGrant::new("a test")).await,
        orders.find(Spec::all()).sum(Order::pieces()).await.map(drop),
        orders.find(Spec::all()).stream(StreamMode::default()).try_collect::<Vec<_>>().await.map(drop),
        orders.find(Spec::all()).having(Order::lines().any(Spec::all())).list().await.map(drop),
        orders.insert_many(vec![new(2)], OnError::Collect).await.map(drop),
        orders.upsert(new(2), Order::unique_number()).await.map(drop),
        orders.update_where(Order::gift().eq(true), OrderPatch::new().gift(false)).await.map(drop),
        orders.delete_where(Order::gift().eq(true)).await.map(drop),
        orders.delete_many(&[id]).await.map(drop),
        orders.save_many(&mut [own.clone()]).await,
        orders.load_many(std::slice::from_ref(&own), Order::lines()).await.map(drop),
    ];
    for code in codes {
        assert_eq!(code.unwrap_err().code(), "repository/tenant_required");
    }
    assert_eq!(rows_of(db, "acme").await, 1);
}

pub async fn a_grant_reaches_all_tenants_and_inserts_for_none(db: &Db) {
    for (number, tenant) in [(1, "acme"), (2, "other")] {
        shop(db, tenant).repository::<Order>().insert(new(number)).await.unwrap();
    }
    let all = db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test"))));
    let mut orders = all.repository::<Order>();
    let mut found = orders.find(Spec::all()).sort(Order::number().asc()).list().await.unwrap();
    assert_eq!(found.len(), 2);
    found[1].gift = true;
    orders.save(&mut found[1]).await.unwrap();
    assert!(shop(db, "other").repository::<Order>().get(found[1].id).await.unwrap().gift);
    assert_eq!(orders.insert(new(3)).await.unwrap_err().code(), "repository/tenant_required");
}

pub async fn two_tenants_may_have_the_same_key(db: &Db) {
    for tenant in ["acme", "other"] {
        let shop = db.scoped(Scope::tenant(tenant).unwrap());
        shop.repository::<Order>().insert(NewOrder { id: None, ..new(1) }).await.unwrap();
    }
    assert_eq!((rows_of(db, "acme").await, rows_of(db, "other").await), (1, 1));
}

pub async fn an_id_that_two_tenants_have_is_a_row_of_each(db: &Db) {
    for tenant in ["acme", "other"] {
        shop(db, tenant).repository::<Item>().insert(item("1", tenant)).await.unwrap();
    }
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let mut own = acme.repository::<Item>().get("1".into()).await.unwrap();
    assert_eq!(own.name, "acme");
    own.name = "changed".into();
    acme.repository::<Item>().save(&mut own).await.unwrap();
    acme.repository::<Item>().patch("1".into(), Expect::Any, ItemPatch::new().name("patched".into())).await.unwrap();
    acme.repository::<Item>().delete("1".into(), Expect::Any).await.unwrap();
    assert_eq!(other.repository::<Item>().get("1".into()).await.unwrap().name, "other");
}

pub async fn with_a_grant_an_id_of_several_tenants_names_no_row_and_an_entity_its_own(db: &Db) {
    for tenant in ["acme", "other"] {
        shop(db, tenant).repository::<Item>().insert(item("1", tenant)).await.unwrap();
    }
    let all = db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test"))));
    let mut items = all.repository::<Item>();
    let id = || String::from("1");
    let refused = [
        items.get(id()).await.map(drop),
        items.try_get(id()).await.map(drop),
        items.get_many(&[id()]).await.map(drop),
        items.patch(id(), Expect::Any, ItemPatch::new().name("x".into())).await,
        items.delete(id(), Expect::Any).await.map(drop),
        items.find(Spec::all()).page(Page::first(2)).await.map(drop),
        items.find(Spec::all()).stream(StreamMode::Chunked(2)).try_next().await.map(drop),
    ];
    for answer in refused {
        assert_eq!(answer.unwrap_err().code(), "repository/tenant_required");
    }
    let mut found = items.find(Item::name().eq("acme")).one().await.unwrap();
    found.name = "by the system".into();
    items.save(&mut found).await.unwrap();
    let names = [shop(db, "acme"), shop(db, "other")];
    assert_eq!(names[0].repository::<Item>().get(id()).await.unwrap(), found);
    assert_eq!(names[1].repository::<Item>().get(id()).await.unwrap().name, "other");
}
