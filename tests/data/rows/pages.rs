//! Pages between cursors, and by number.

use std::time::Duration;

use bailiwick::{
    entity::Date,
    repository::{Count, Cursor, CursorKeys, Db, Page, Repository, SortKey, Total},
    specification::Spec,
};

use super::shop::{NewOrder, Order, clock, new, shop, shop_at};

/// Orders with many equal and absent values, in no order.
async fn fill(db: &Db, rows: u32) {
    let shop = shop(db, "acme");
    for number in 0..rows {
        let chance = number.wrapping_mul(2_654_435_761) >> 7;
        let new = NewOrder {
            pieces: (chance % 4 > 0).then_some(i64::from(chance % 5)),
            label: [None, Some("a"), Some("B"), Some("é")][(chance / 5 % 4) as usize].map(Into::into),
            weight: f64::from(chance / 20 % 3),
            due: (chance % 3 > 0).then(|| Date::new(2026, 1, (chance / 60 % 3 + 1) as u8).unwrap()),
            gift: chance % 2 == 0,
            ..new(chance << 8 | number)
        };
        shop.repository::<Order>().insert(new).await.unwrap();
    }
}

fn sorts() -> Vec<Vec<SortKey<Order>>> {
    vec![
        vec![],
        vec![Order::number().desc()],
        vec![Order::pieces().asc()],
        vec![Order::pieces().desc(), Order::label().asc()],
        vec![Order::weight().asc(), Order::total().asc()],
        vec![Order::weight().desc(), Order::created_at().desc()],
        vec![Order::weight().asc(), Order::pieces().desc(), Order::due().asc()],
        vec![Order::due().asc().nulls_first(), Order::weight().desc(), Order::label().desc().nulls_last()],
        vec![Order::id().desc(), Order::pieces().asc()],
        vec![Order::pieces().asc(), Order::pieces().desc()],
    ]
}

fn with<'r, 'a>(
    orders: &'r mut Repository<'a, Order>,
    spec: &Spec<Order>,
    keys: &[SortKey<Order>],
) -> bailiwick::repository::Find<'r, 'a, Order> {
    keys.iter().fold(orders.find(spec.clone()), |find, key| find.sort(*key))
}

pub async fn a_walk_in_both_directions_returns_every_row_once_in_order(db: &Db) {
    fill(db, 60).await;
    let shop = shop(db, "acme");
    for keys in sorts() {
        for (spec, size) in [(Spec::all(), 7), (Order::gift().eq(true), 1), (Order::pieces().is_not_null(), 50)] {
            let mut orders = shop.repository::<Order>();
            let all = with(&mut orders, &spec, &keys).list().await.unwrap();
            let (mut forward, mut request) = (Vec::new(), Page::first(size));
            let mut pages = Vec::new();
            loop {
                let page = with(&mut orders, &spec, &keys).page(request).await.unwrap();
                forward.extend(page.items.clone());
                pages.push(page.clone());
                let Some(next) = page.next else { break };
                request = Page::after(Some(next), size);
            }
            assert_eq!(forward, all, "{keys:?}");
            for pair in pages.windows(2) {
                let before = Page::before(pair[1].prev.clone(), size);
                let back = with(&mut orders, &spec, &keys).page(before).await.unwrap();
                assert_eq!(back.items, pair[0].items, "{keys:?}");
                assert!(back.next.is_some());
            }
            let last = with(&mut orders, &spec, &keys).page(Page::before(None, size)).await.unwrap();
            assert_eq!(last.items.as_slice(), &all[all.len() - last.items.len()..]);
            assert_eq!(last.next, None);
        }
    }
}

pub async fn rows_that_come_and_go_hide_none_and_show_none_twice(db: &Db) {
    fill(db, 40).await;
    let shop = shop(db, "acme");
    let keys = [Order::pieces().asc(), Order::weight().desc()];
    let mut orders = shop.repository::<Order>();
    let stay: Vec<_> = with(&mut orders, &Spec::all(), &keys).list().await.unwrap();
    let (mut seen, mut request) = (Vec::new(), Page::first(3));
    for step in 0.. {
        let page = with(&mut orders, &Spec::all(), &keys).page(request).await.unwrap();
        seen.extend(page.items.iter().map(|order| order.id));
        let come = NewOrder { pieces: Some(step % 5), ..new(1_000_000 + step as u32) };
        orders.insert(come).await.unwrap();
        if step % 2 == 1 {
            let gone = new(1_000_000 + step as u32 - 1).id.unwrap();
            orders.delete(gone, bailiwick::repository::Expect::Any).await.unwrap();
        }
        let Some(next) = page.next else { break };
        request = Page::after(Some(next), 3);
    }
    let of_those_that_stay: Vec<_> = seen.iter().filter(|id| stay.iter().any(|order| order.id == **id)).collect();
    assert_eq!(of_those_that_stay, stay.iter().map(|order| &order.id).collect::<Vec<_>>());
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len());
}

async fn first_cursor(db: &Db) -> Cursor {
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    orders.find(Order::gift().eq(true)).sort(Order::weight().asc()).page(Page::first(2)).await.unwrap().next.unwrap()
}

pub async fn a_cursor_of_another_find_is_refused(db: &Db) {
    fill(db, 30).await;
    let cursor = first_cursor(db).await;
    let (acme, other) = (shop(db, "acme"), shop(db, "other"));
    let after = || Page::after(Some(cursor.clone()), 2);
    let code =
        |answer: Result<Page<Order>, bailiwick::Error>| answer.map(|_| "taken").unwrap_or_else(|error| error.code());
    let own = || Order::gift().eq(true);
    let mut orders = acme.repository::<Order>();
    assert_eq!(code(orders.find(own()).sort(Order::weight().asc()).page(after()).await), "taken");
    assert_eq!(code(orders.find(!!own()).sort(Order::weight().asc()).page(after()).await), "taken");
    assert_eq!(code(orders.find(Spec::all()).sort(Order::weight().asc()).page(after()).await), "page/cursor");
    assert_eq!(code(orders.find(own()).sort(Order::weight().desc()).page(after()).await), "page/cursor");
    assert_eq!(code(orders.find(own()).sort(Order::total().asc()).page(after()).await), "page/cursor");
    assert_eq!(code(orders.find(own()).page(after()).await), "page/cursor");
    let mut dead = acme.repository::<Order>().with_deleted();
    assert_eq!(code(dead.find(own()).sort(Order::weight().asc()).page(after()).await), "page/cursor");
    let mut theirs = other.repository::<Order>();
    assert_eq!(code(theirs.find(own()).sort(Order::weight().asc()).page(after()).await), "page/cursor");
}

pub async fn a_cursor_that_was_changed_is_refused(db: &Db) {
    fill(db, 30).await;
    let cursor = first_cursor(db).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let text = cursor.as_str().to_owned();
    let mut changed: Vec<String> = Vec::new();
    for at in 0..text.len() {
        for other in ["A", "B", "_", "+", "é"] {
            let mut one = text.clone();
            one.replace_range(at..=at, other);
            changed.push(one);
        }
        changed.push(text[..at].to_owned());
    }
    changed.extend([format!("{text}A"), format!("{text}="), format!(" {text}"), "A".repeat(5_000), String::new()]);
    for one in changed.into_iter().filter(|one| *one != text) {
        let page = Page::after(Some(Cursor::from(one.as_str())), 2);
        let answer = orders.find(Order::gift().eq(true)).sort(Order::weight().asc()).page(page).await;
        assert_eq!(answer.unwrap_err().code(), "page/cursor", "{one}");
    }
}

pub async fn a_cursor_is_good_for_the_same_list_in_another_order(db: &Db) {
    fill(db, 20).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let first = orders.find(Order::pieces().is_in([1, 2, 3, 4])).page(Page::first(2)).await.unwrap();
    let again = orders.find(Order::pieces().is_in([4, 2, 2, 1, 3])).page(Page::after(first.next, 2)).await.unwrap();
    assert_eq!(again.items.len(), 2);
}

pub async fn a_page_of_values_that_no_column_can_hold_is_refused(db: &Db) {
    fill(db, 5).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let weight =
        |number: u32| if number.is_multiple_of(4) { f64::NAN } else { f64::from(number.wrapping_mul(7_919) % 31) };
    let any = || Spec::any_of((0..60).map(|number| Order::weight().eq(weight(number))));
    let error = orders.find(any()).page(Page::first(2)).await.unwrap_err();
    assert_eq!(error.code(), "repository/value");
    assert_eq!(any().normal(), any().normal());
}

pub async fn long_texts_are_sorted_by_and_walked(db: &Db) {
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    for number in 0..3 {
        let label = Some("\u{10FFFF}".repeat(200));
        orders.insert(NewOrder { label, ..new(number) }).await.unwrap();
    }
    let first = orders.find(Spec::all()).sort(Order::label().asc()).page(Page::first(1)).await.unwrap();
    let next = orders.find(Spec::all()).sort(Order::label().asc()).page(Page::after(first.next, 1)).await.unwrap();
    assert_eq!(next.items[0].number, "A-1");
}

pub async fn a_cursor_expires_and_keys_change(db: &Db) {
    fill(db, 10).await;
    let clock = clock();
    let (old, new) = ([7; 32], [8; 40]);
    let keys = |key: &[u8]| CursorKeys::new(key).unwrap().expire_after(Duration::from_secs(60));
    let ask = async |keys: CursorKeys, cursor: Option<Cursor>| {
        let db = db.clone().cursor_keys(keys);
        let shop = shop_at(&db, "acme", clock.clone());
        let mut orders = shop.repository::<Order>();
        orders.find(Spec::all()).page(Page::after(cursor, 2)).await.map(|page| page.next).map_err(|error| error.code())
    };
    let cursor = ask(keys(&old), None).await.unwrap();
    assert!(ask(keys(&old), cursor.clone()).await.is_ok());
    assert!(ask(keys(&new).also(old).unwrap(), cursor.clone()).await.is_ok());
    assert_eq!(ask(keys(&new), cursor.clone()).await, Err("page/cursor"));
    clock.advance(Duration::from_secs(61));
    assert_eq!(ask(keys(&old), cursor).await, Err("page/cursor"));
    assert_eq!(CursorKeys::new([7; 31]).unwrap_err().code(), "db/config");
    assert!(!format!("{:?}", keys(&old)).contains("7, 7"));
}

pub async fn the_edges_of_pages(db: &Db) {
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let empty = orders.find(Spec::all()).page(Page::first(2).count(Count::Exact)).await.unwrap();
    assert_eq!((empty.items.len(), empty.next, empty.prev, empty.total), (0, None, None, Total::Exact(0)));
    for number in 0..4 {
        orders.insert(new(number)).await.unwrap();
    }
    let first = orders.find(Spec::all()).page(Page::first(2).count(Count::Capped(3))).await.unwrap();
    assert_eq!((first.prev, first.total), (None, Total::AtLeast(4)));
    let full = orders.find(Spec::all()).page(Page::after(first.next, 2)).await.unwrap();
    assert_eq!((full.items.len(), &full.next, full.prev.is_some()), (2, &None, true));
    for size in [0, 1_001] {
        let error = orders.find(Spec::all()).page(Page::first(size)).await.unwrap_err();
        assert_eq!(error.code(), "page/size");
    }
}

pub async fn pages_by_number_know_where_they_are(db: &Db) {
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    for number in 0..7 {
        orders.insert(new(number)).await.unwrap();
    }
    let page = orders.find(Spec::all()).page_number(2, 3).await.unwrap();
    assert_eq!(page.items.iter().map(|order| order.number.as_str()).collect::<Vec<_>>(), ["A-3", "A-4", "A-5"]);
    assert_eq!((page.total, page.pages, page.has_next, page.has_prev), (7, 3, true, true));
    assert_eq!(
        (page.next_page(), page.prev_page(), page.start_index(), page.end_index()),
        (Some(3), Some(1), Some(4), Some(6))
    );
    let last = orders.find(Spec::all()).page_number(3, 3).await.unwrap();
    assert_eq!((last.items.len(), last.has_next, last.end_index()), (1, false, Some(7)));
    let beyond = orders.find(Spec::all()).page_number(9, 3).await.unwrap();
    assert_eq!((beyond.items.len(), beyond.prev_page(), beyond.start_index()), (0, Some(3), None));
    for (page, per_page, code) in
        [(0, 3, "page/size"), (1, 0, "page/size"), (u64::MAX, 1_000, "page/size"), (11_000, 1, "page/depth")]
    {
        assert_eq!(orders.find(Spec::all()).page_number(page, per_page).await.unwrap_err().code(), code);
    }
    assert!(orders.find(Spec::all()).max_offset(20_000).page_number(11_000, 1).await.is_ok());
}
