//! Rows that hang together.

use bailiwick::{
    repository::{Count, Db, Expect, OnError, Page, PurgeGrant, Scope, Scoped, SystemGrant, TenantScope, Total},
    specification::Spec,
};

use crate::rows::shop::{Item, Line, LinePatch, NewLine, Order, item, line, new, shop};

/// Three orders: the first with two lines, the second with a deleted one, the third with none.
async fn fill(shop: &Scoped) -> Vec<Order> {
    let mut orders = Vec::new();
    for number in 1..=3 {
        orders.push(shop.repository::<Order>().insert(new(number)).await.unwrap());
    }
    shop.repository::<Item>().insert(item("pen", "Pen")).await.unwrap();
    let lines = vec![
        NewLine { sku: Some("pen".into()), ..line(1, &orders[0]) },
        line(2, &orders[0]),
        NewLine { sku: Some("pen".into()), ..line(3, &orders[1]) },
    ];
    for line in lines {
        shop.repository::<Line>().insert(line).await.unwrap();
    }
    shop.repository::<Line>().delete(line(3, &orders[1]).id.unwrap(), Expect::Any).await.unwrap();
    orders
}

fn numbers(orders: &[Order]) -> Vec<&str> {
    orders.iter().map(|order| order.number.as_str()).collect()
}

pub async fn rows_are_found_by_what_hangs_on_them(db: &Db) {
    let shop = shop(db, "acme");
    fill(&shop).await;
    let mut orders = shop.repository::<Order>();
    let any = || Order::lines().any(Spec::all());
    let pens = || Order::lines().any(Line::sku().eq("pen"));
    let cases = [
        (orders.find(Spec::all()).having(any()).list().await, vec!["A-1"]),
        (orders.find(Spec::all()).lacking(any()).list().await, vec!["A-2", "A-3"]),
        (orders.find(Spec::all()).having(pens()).list().await, vec!["A-1"]),
        (orders.find(Spec::all()).lacking(pens()).list().await, vec!["A-2", "A-3"]),
        (orders.find(Order::number().ne("A-3")).lacking(pens()).list().await, vec!["A-2"]),
        (orders.find(Spec::all()).having(pens()).lacking(any()).list().await, vec![]),
        (orders.find(Spec::all()).having(Order::lines().any(Line::pieces().gt(2))).list().await, vec![]),
        (orders.find(Spec::all()).having(Order::lines().any(!Line::sku().eq("ink"))).list().await, vec!["A-1"]),
        (orders.find(Spec::all()).having(Order::lines().any(Line::sku().is_null())).list().await, vec!["A-1"]),
    ];
    for (number, (found, expected)) in cases.into_iter().enumerate() {
        assert_eq!(numbers(&found.unwrap()), expected, "{number}");
    }
    assert_eq!(orders.find(Spec::all()).lacking(any()).count(Count::Exact).await.unwrap(), Total::Exact(2));
    assert_eq!(orders.find(Spec::all()).having(any()).sum(Order::total()).await.unwrap(), Some(1.into()));
    assert!(!orders.find(Order::number().eq("A-2")).having(any()).exists().await.unwrap());
    let page = orders.find(Spec::all()).lacking(any()).page_number(2, 1).await.unwrap();
    assert_eq!((numbers(&page.items), page.total), (vec!["A-3"], 2));
}

pub async fn what_refers_to_nothing_hangs_on_nothing(db: &Db) {
    let shop = shop(db, "acme");
    fill(&shop).await;
    let mut lines = shop.repository::<Line>();
    let named = lines.find(Spec::all()).having(Line::item().any(Spec::all())).list().await.unwrap();
    assert_eq!(named.iter().map(|line| line.pieces).collect::<Vec<_>>(), [1]);
    let unnamed = lines.find(Spec::all()).lacking(Line::item().any(Item::name().eq("Pen"))).list().await.unwrap();
    assert_eq!(unnamed.iter().map(|line| line.pieces).collect::<Vec<_>>(), [2]);
    let part = NewLine { part_of: Some(named[0].id), ..line(4, &new_order(&shop).await) };
    lines.insert(part).await.unwrap();
    let parts = lines.find(Spec::all()).having(Line::parent().any(Line::pieces().eq(1))).list().await.unwrap();
    assert_eq!(parts.iter().map(|line| line.pieces).collect::<Vec<_>>(), [4]);
}

async fn new_order(shop: &Scoped) -> Order {
    shop.repository::<Order>().insert(new(99)).await.unwrap()
}

pub async fn another_tenants_rows_hang_on_nothing(db: &Db) {
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let own = acme.repository::<Order>().insert(new(1)).await.unwrap();
    let theirs = other.repository::<Order>().insert(new(2)).await.unwrap();
    for (shop, order) in [(&acme, &own), (&other, &theirs)] {
        shop.repository::<Item>().insert(item("pen", "Pen")).await.unwrap();
        let number = if order.number == "A-1" { 1 } else { 2 };
        let line = NewLine { sku: Some("pen".into()), ..line(number, order) };
        shop.repository::<Line>().insert(line).await.unwrap();
    }
    other.repository::<Item>().update_where(Item::sku().eq("pen"), name("Theirs")).await.unwrap();
    let theirs_named = || Line::item().any(Item::name().eq("Theirs"));
    assert!(!acme.repository::<Line>().find(Spec::all()).having(theirs_named()).exists().await.unwrap());
    assert!(other.repository::<Line>().find(Spec::all()).having(theirs_named()).exists().await.unwrap());
    let all = db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test"))));
    let found = all.repository::<Line>().find(Spec::all()).having(theirs_named()).list().await.unwrap();
    assert_eq!(found.iter().map(|line| line.tenant.as_str()).collect::<Vec<_>>(), ["other"]);
    let loaded = acme.repository::<Order>().load_many(&[own.clone(), theirs.clone()], Order::lines()).await.unwrap();
    assert_eq!((loaded.of(&own.id).len(), loaded.of(&theirs.id).len()), (1, 0));
}

fn name(name: &str) -> crate::rows::shop::ItemPatch {
    crate::rows::shop::ItemPatch::new().name(name.into())
}

pub async fn related_rows_are_loaded_for_many_at_once(db: &Db) {
    let shop = shop(db, "acme");
    let orders = fill(&shop).await;
    let lines = shop.repository::<Order>().load_many(&orders, Order::lines()).await.unwrap();
    let pieces = |at: usize| lines.of(&orders[at].id).iter().map(|line| line.pieces).collect::<Vec<_>>();
    assert_eq!((pieces(0), pieces(1), pieces(2)), (vec![1, 2], vec![], vec![]));
    assert_eq!(lines.len(), 2);
    let of_first = lines.of(&orders[0].id);
    let back = shop.repository::<Line>().load_many(of_first, Line::order()).await.unwrap();
    assert_eq!(back.one(&of_first[1].order_id), Some(&orders[0]));
    let items = shop.repository::<Line>().load_many(of_first, Line::item()).await.unwrap();
    assert_eq!(items.one(&of_first[0].sku).map(|item| item.name.as_str()), Some("Pen"));
    assert_eq!(items.one(&of_first[1].sku), None);
    assert!(shop.repository::<Order>().load_many(&[], Order::lines()).await.unwrap().is_empty());
}

pub async fn a_cursor_of_a_find_by_related_rows_is_good_for_no_other(db: &Db) {
    let shop = shop(db, "acme");
    fill(&shop).await;
    let mut orders = shop.repository::<Order>();
    let page = orders.find(Spec::all()).lacking(Order::lines().any(Spec::all())).page(Page::first(1)).await.unwrap();
    assert!(page.next.is_some());
    let again = Page::after(page.next.clone(), 1);
    let next = orders.find(Spec::all()).lacking(Order::lines().any(Spec::all())).page(again.clone()).await.unwrap();
    assert_eq!(numbers(&next.items), ["A-3"]);
    let others = [
        orders.find(Spec::all()).page(again.clone()).await,
        orders.find(Spec::all()).having(Order::lines().any(Spec::all())).page(again.clone()).await,
        orders.find(Spec::all()).lacking(Order::lines().any(Line::pieces().gt(9))).page(again).await,
    ];
    for other in others {
        assert_eq!(other.unwrap_err().code(), "page/cursor");
    }
}

pub async fn no_row_refers_to_one_that_is_not_there(db: &Db) {
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let order = acme.repository::<Order>().insert(new(1)).await.unwrap();
    let absent = Order { id: new(9).id.unwrap(), ..order.clone() };
    let mut lines = acme.repository::<Line>();
    let code = |answer: Result<Line, bailiwick::Error>| answer.unwrap_err().code();
    assert_eq!(code(lines.insert(line(1, &absent)).await), "repository/foreign_key");
    let unknown = NewLine { sku: Some("pen".into()), ..line(1, &order) };
    assert_eq!(code(lines.insert(unknown).await), "repository/foreign_key");
    assert_eq!(code(other.repository::<Line>().insert(line(1, &order)).await), "repository/foreign_key");
    let own = lines.insert(line(1, &order)).await.unwrap();
    let patch = LinePatch::new().order_id(absent.id);
    assert_eq!(lines.patch(own.id, Expect::Any, patch).await.unwrap_err().code(), "repository/foreign_key");
    let two = vec![line(2, &order), line(3, &absent)];
    let inserted = lines.insert_many(two, OnError::Collect).await.unwrap();
    assert_eq!((inserted.stored.len(), inserted.failed[0].0), (1, 1));
    assert_eq!(inserted.failed[0].1.code(), "repository/foreign_key");
    let family = vec![line(4, &order), NewLine { part_of: line(4, &order).id, ..line(5, &order) }];
    assert_eq!(lines.insert_many(family, OnError::Abort).await.unwrap().stored.len(), 2);
    assert_eq!(lines.find(Spec::all()).count(Count::Exact).await.unwrap(), Total::Exact(4));
}

pub async fn no_row_goes_that_another_refers_to(db: &Db) {
    let shop = shop(db, "acme");
    let orders = fill(&shop).await;
    let grant = PurgeGrant::new("a test");
    let purged = shop.repository::<Order>().purge(orders[0].id, &grant).await;
    assert_eq!(purged.unwrap_err().code(), "repository/foreign_key");
    let held = shop.repository::<Order>().purge(orders[1].id, &grant).await;
    assert_eq!(held.unwrap_err().code(), "repository/foreign_key", "a deleted row refers to it, too");
    shop.repository::<Order>().purge(orders[2].id, &grant).await.unwrap();
    let sold = shop.repository::<Item>().delete_where(Item::sku().eq("pen")).await;
    assert_eq!(sold.unwrap_err().code(), "repository/foreign_key");
    shop.repository::<Order>().delete(orders[0].id, Expect::Any).await.unwrap();
    let mut lines = shop.repository::<Line>().with_deleted();
    for line in lines.find(Spec::all()).list().await.unwrap() {
        lines.purge(line.id, &grant).await.unwrap();
    }
    shop.repository::<Order>().purge(orders[0].id, &grant).await.unwrap();
    assert_eq!(shop.repository::<Item>().delete_where(Item::sku().eq("pen")).await.unwrap().rows, 1);
}
