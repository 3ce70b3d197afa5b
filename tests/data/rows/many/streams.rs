//! Rows one after the other, pages far from the start, and finds that are kept.

use bailiwick::{
    entity::{Decimal, Entity},
    repository::{Db, FindOptions, OnError, Page, Scope, Scoped, SortKey, StreamMode, SystemGrant, TenantScope},
    specification::{Operator, Spec, SpecPolicy},
};
use futures_util::TryStreamExt as _;

use crate::rows::shop::{Item, Line, NewOrder, Order, OrderId, item, new, shop};

async fn fill(db: &Db, rows: u32) {
    let rows = (0..rows).map(|number| {
        let chance = number.wrapping_mul(2_654_435_761) >> 7;
        NewOrder { pieces: (chance % 4 > 0).then_some(i64::from(chance % 5)), gift: chance % 2 == 0, ..new(number) }
    });
    insert::<Order>(&shop(db, "acme"), rows.collect()).await;
}

/// A hundred at once, and what is left one by one.
async fn insert<E: Entity>(shop: &Scoped, mut rows: Vec<E::New>) {
    while !rows.is_empty() {
        let rest = rows.split_off(if rows.len() < 100 { 1 } else { 100 });
        shop.repository::<E>().insert_many(rows, OnError::Abort).await.map(drop).unwrap();
        rows = rest;
    }
}

pub async fn a_stream_returns_every_row_once_in_order(db: &Db) {
    fill(db, 101).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    for (spec, size) in [(Spec::all(), 1), (Spec::all(), 101), (Order::gift().eq(true), 7), (Spec::none(), 5)] {
        let keys = [Order::pieces().desc(), Order::total().asc()];
        let find = keys.into_iter().fold(FindOptions::new(spec), FindOptions::sort);
        let expected = orders.find_with(find.clone()).list().await.unwrap();
        let read: Vec<_> = orders.find_with(find).stream(StreamMode::Chunked(size)).try_collect().await.unwrap();
        assert!(read == expected, "in parts of {size}");
    }
    for size in [0, 1_001] {
        let mut none = orders.find(Spec::all()).stream(StreamMode::Chunked(size));
        assert_eq!(none.try_next().await.unwrap_err().code(), "page/size");
        assert!(none.try_next().await.unwrap().is_none());
    }
}

pub async fn a_stream_that_is_dropped_leaves_nothing(db: &Db) {
    fill(db, 40).await;
    let shop = shop(db, "acme");
    for round in 0..500 {
        let mut orders = shop.repository::<Order>();
        let mut some = orders.find(Spec::all()).stream(StreamMode::Chunked(3));
        for _ in 0..round % 9 {
            assert!(some.try_next().await.unwrap().is_some());
        }
    }
    fill_more(db).await;
    let mut orders = shop.repository::<Order>();
    let all: Vec<_> = orders.find(Spec::all()).stream(StreamMode::default()).try_collect().await.unwrap();
    assert_eq!(all.len(), 41);
}

async fn fill_more(db: &Db) {
    shop(db, "acme").repository::<Order>().insert(new(1_000)).await.unwrap();
}

pub async fn rows_that_come_and_go_are_no_matter_to_a_stream(db: &Db) {
    fill(db, 10).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let mut all = orders.find(Spec::all()).sort(Order::total().asc()).stream(StreamMode::Chunked(4));
    let mut seen = Vec::new();
    while let Some(order) = all.try_next().await.unwrap() {
        if seen.len() == 3 {
            let mut others = shop.repository::<Order>();
            others.delete_many(&[new(0).id.unwrap(), new(7).id.unwrap()]).await.unwrap();
            others.insert(NewOrder { total: Decimal::new(850, 2), ..new(100) }).await.unwrap();
        }
        seen.push(order.number);
    }
    assert_eq!(seen, ["A-0", "A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "A-8", "A-100", "A-9"]);
}

pub async fn pages_far_from_the_start_have_the_rows_of_the_list(db: &Db) {
    fill(db, 1_800).await;
    let items = (0..1_100).map(|number| item(&format!("{number:04}"), &format!("{}", number % 7))).collect();
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    insert::<Item>(&acme, items).await;
    other.repository::<Item>().insert(item("1050", "theirs")).await.unwrap();
    let mut orders = acme.repository::<Order>();
    let sorts: [Vec<SortKey<Order>>; 3] =
        [vec![], vec![Order::pieces().desc()], vec![Order::weight().asc(), Order::total().desc()]];
    let mut chance = 7_u64;
    for keys in sorts {
        let find = keys.into_iter().fold(FindOptions::new(Order::total().ge(10)), FindOptions::sort);
        let all: Vec<_> = orders.find_with(find.clone()).stream(StreamMode::default()).try_collect().await.unwrap();
        for _ in 0..334 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let size = chance >> 33 & 31 | 1;
            let page = 1_000 / size + (chance >> 40) % (1_000 / size);
            let found = orders.find_with(find.clone()).page_number(page, size).await.unwrap();
            let from = ((page - 1) * size) as usize;
            let expected: Vec<&Order> = all.iter().skip(from).take(size as usize).collect();
            assert!(found.items.iter().eq(expected), "page {page} of {size}");
        }
    }
    let mut items = acme.repository::<Item>();
    let page = items.find(Spec::all()).sort(Item::name().desc()).page_number(11, 100).await.unwrap();
    assert!(page.items.iter().all(|item| item.tenant.as_str() == "acme" && item.name == "0"), "{page:?}");
    let deep = orders.find(Spec::all()).max_offset(1_000).page_number(1_002, 1).await;
    assert_eq!(deep.unwrap_err().code(), "page/depth");
    let lacking =
        orders.find(Spec::all()).lacking(Order::lines().any(Line::pieces().gt(1))).page_number(1_101, 1).await;
    assert_eq!(lacking.unwrap().items[0].number, "A-1100");
}

pub async fn pages_far_from_the_start_keep_to_the_rows_in_reach(db: &Db) {
    fill(db, 1_100).await;
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let gone: Vec<OrderId> = (0..1_000).step_by(25).filter_map(|number| new(number).id).collect();
    acme.repository::<Order>().delete_many(&gone).await.unwrap();
    other.repository::<Order>().insert(NewOrder { id: None, ..new(1_050) }).await.unwrap();
    let numbers = |found: Vec<Order>| found.into_iter().map(|order| order.number).collect::<Vec<_>>();
    let mut living = acme.repository::<Order>();
    let found = living.find(Spec::all()).sort(Order::total().asc()).page_number(26, 40).await.unwrap();
    assert_eq!(numbers(found.items), (1_040..1_080).map(|number| format!("A-{number}")).collect::<Vec<_>>());
    let mut all = living.with_deleted();
    let found = all.find(Spec::all()).sort(Order::total().desc()).page_number(1_026, 1).await.unwrap();
    assert_eq!(numbers(found.items), ["A-74"]);
    let found = all.find(Spec::all()).sort(Order::total().desc()).page_number(1_025, 1).await.unwrap();
    assert_eq!(numbers(found.items), ["A-75"], "which is deleted");
    for (tenant, names) in [(&acme, "mine"), (&other, "theirs")] {
        let items = (0..600).map(|number| item(&format!("{number:04}"), &format!("{names} {}", number % 7)));
        insert::<Item>(tenant, items.collect()).await;
    }
    let scope = Scope::of(TenantScope::All(SystemGrant::new("every item is counted")));
    let (everywhere, mut seen) = (db.scoped(scope), Vec::new());
    for page in 1_001..=1_200 {
        let mut items = everywhere.repository::<Item>();
        let found = items.find(Spec::all()).sort(Item::name().desc()).page_number(page, 1).await.unwrap();
        seen.extend(found.items.into_iter().map(|item| (item.name, item.sku)));
    }
    let mut expected: Vec<_> =
        (0..600).map(|number| (format!("mine {}", number % 7), format!("{number:04}"))).collect();
    expected.sort_by(|left, right| right.cmp(left));
    assert_eq!(seen, expected[400..], "ids that two tenants have are two rows");
    for number in 0..1_020 {
        let tenant = shop(db, &format!("tenant-{number:04}"));
        for sku in ["default", "other"].into_iter().take(if number < 1_000 { 1 } else { 2 }) {
            tenant.repository::<Item>().insert(item(sku, &format!("of {number:04}"))).await.unwrap();
        }
    }
    let mut items = everywhere.repository::<Item>();
    let found = items.find(Item::sku().eq("default")).sort(Item::name().asc()).page_number(51, 20).await.unwrap();
    let found: Vec<_> = found.items.into_iter().map(|item| (item.sku, item.name)).collect();
    let expected: Vec<_> = (1_000..1_020).map(|number| ("default".into(), format!("of {number:04}"))).collect();
    assert_eq!(found, expected, "of one tenant there may be others");
}

pub async fn a_find_that_is_kept_is_asked_again_for_the_next_page(db: &Db) {
    fill(db, 5).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let find = orders.find(Order::total().ge(1)).sort(Order::total().desc()).options().clone();
    let first = orders.find_with(find.clone()).page(Page::first(3)).await.unwrap();
    let second = orders.find_with(find).page(Page::after(first.next, 3)).await.unwrap();
    let numbers: Vec<_> = first.items.iter().chain(&second.items).map(|order| order.number.as_str()).collect();
    assert_eq!(numbers, ["A-4", "A-3", "A-2", "A-1"]);
}

pub async fn a_find_is_read_from_json_as_far_as_the_policy_allows(db: &Db) {
    fill(db, 5).await;
    let shop = shop(db, "acme");
    let policy = SpecPolicy::default();
    let text = r#"{"v":1,"where":{"field":"total","op":"ge","value":"1"},"sort":["-total","number"],"limit":4}"#;
    let find = FindOptions::<Order>::from_json(text, &policy).unwrap();
    let found = shop.repository::<Order>().find_with(find).list().await.unwrap();
    let numbers: Vec<_> = found.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(numbers, ["A-4", "A-3", "A-2", "A-1"]);
    let short = FindOptions::<Order>::from_json(r#"{"v":1,"limit":4}"#, &policy).unwrap();
    let error = shop.repository::<Order>().find_with(short).list().await.unwrap_err();
    assert_eq!(error.code(), "repository/too_many_rows");
    let refused = [
        (r#"{"v":1,"sort":["gift"]}"#, "filter/field"),
        (r#"{"v":1,"sort":["tenant"]}"#, "filter/field"),
        (r#"{"v":1,"sort":["Total"]}"#, "filter/field"),
        (r#"{"v":1,"sort":["--total"]}"#, "filter/field"),
        (r#"{"v":1,"sort":["total; DROP TABLE orders"]}"#, "filter/field"),
        (r#"{"v":1,"sort":["total","number","label","pieces","weight"]}"#, "filter/budget"),
        (r#"{"v":1,"sort":"total"}"#, "filter/syntax"),
        (r#"{"v":1,"sort":[1]}"#, "filter/syntax"),
        (r#"{"v":1,"sort":["total"],"sort":["total"]}"#, "filter/syntax"),
        (r#"{"v":2}"#, "filter/syntax"),
        (r#"{"sort":[]}"#, "filter/syntax"),
        (r#"{"v":1,"order":[]}"#, "filter/syntax"),
        (r#"{"v":1,"limit":0}"#, "page/size"),
        (r#"{"v":1,"limit":1001}"#, "page/size"),
        (r#"{"v":1,"limit":-1}"#, "filter/syntax"),
    ];
    for (text, code) in refused {
        assert_eq!(FindOptions::<Order>::from_json(text, &policy).unwrap_err().code(), code, "{text}");
    }
    let narrow = SpecPolicy::only().allow(Order::number(), [Operator::Eq]).allow_sort(Order::total());
    let read = |text| FindOptions::<Order>::from_json(text, &narrow).map(drop).map_err(|error| error.code());
    assert_eq!(read(r#"{"v":1,"sort":["total","-number"]}"#), Ok(()));
    assert_eq!(read(r#"{"v":1,"sort":["pieces"]}"#), Err("filter/field"));
    let total = r#"{"v":1,"where":{"field":"total","op":"ge","value":"1"}}"#;
    assert_eq!(read(total), Err("filter/operator"));
}
