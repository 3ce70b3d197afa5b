//! Reads.

use bailiwick::{
    entity::{Date, Decimal},
    repository::{Count, Db, Total},
    specification::Spec,
};

use super::shop::{Contact, Country, NewCountry, NewOrder, Order, OrderId, Status, new, shop};

pub async fn what_was_inserted_is_read_as_it_was(db: &Db) {
    let shop = shop(db, "acme");
    let inserted = shop.repository::<Order>().insert(new(17)).await.unwrap();
    assert_eq!(shop.repository::<Order>().get(inserted.id).await.unwrap(), inserted);
    let made = shop.repository::<Order>().insert(NewOrder { id: None, ..new(18) }).await.unwrap();
    assert_ne!(made.id, inserted.id);
    assert_eq!(shop.repository::<Order>().try_get(made.id).await.unwrap(), Some(made));
}

pub async fn every_kind_of_value_comes_back_as_it_was(db: &Db) {
    let shop = shop(db, "acme");
    let texts = ["", "'; DROP TABLE orders;--", "a\u{10FFFF}\t\n\\\"`%_", "Ünïcødé", " "];
    for (number, text) in (0..).zip(texts) {
        let new = NewOrder {
            status: Status::Shipped,
            total: Decimal::new(-123_456_789_012_345_678, 4),
            label: Some(text.into()),
            pieces: Some(i64::MIN),
            weight: -0.000_123,
            due: Some(Date::new(9999, 12, 31).unwrap()),
            gift: true,
            views: i64::MAX.unsigned_abs(),
            contact: Contact { mail: text.into(), phones: Vec::new() },
            picture: Some(vec![0, 1, 255]),
            ..new(number)
        };
        let inserted = shop.repository::<Order>().insert(new).await.unwrap();
        let read = shop.repository::<Order>().get(inserted.id).await.unwrap();
        assert_eq!(read, inserted);
        assert_eq!((read.label.as_deref(), read.views), (Some(text), i64::MAX.unsigned_abs()));
        let found = shop.repository::<Order>().find(Order::label().eq(text)).one().await.unwrap();
        assert_eq!(found.id, inserted.id);
    }
}

pub async fn many_are_read_in_the_order_of_their_ids(db: &Db) {
    let shop = shop(db, "acme");
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(shop.repository::<Order>().insert(new(number)).await.unwrap().id);
    }
    ids.reverse();
    ids.insert(2, new(99).id.unwrap());
    ids.push(ids[0]);
    let found = shop.repository::<Order>().get_many(&ids).await.unwrap();
    let numbers: Vec<_> = found.iter().map(|order| order.as_ref().map(|order| order.number.as_str())).collect();
    assert_eq!(numbers, [Some("A-4"), Some("A-3"), None, Some("A-2"), Some("A-1"), Some("A-0"), Some("A-4")]);
    let many: Vec<OrderId> = (0..3_000).map(|number| new(number).id.unwrap()).collect();
    let found = shop.repository::<Order>().get_many(&many).await.unwrap();
    assert_eq!((found.len(), found.iter().flatten().count()), (3_000, 5));
}

pub async fn a_row_that_is_not_there_is_an_error_or_nothing(db: &Db) {
    let shop = shop(db, "acme");
    let id = new(1).id.unwrap();
    let error = shop.repository::<Order>().get(id).await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(error.to_string(), format!("there is no Order {id}"));
    assert_eq!(shop.repository::<Order>().try_get(id).await.unwrap(), None);
}

pub async fn one_is_one_and_neither_none_nor_two(db: &Db) {
    let shop = shop(db, "acme");
    for number in [1, 2] {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.find(Order::number().eq("A-2")).one().await.unwrap().number, "A-2");
    assert!(orders.find(Order::number().eq("A-3")).one().await.unwrap_err().is_not_found());
    assert_eq!(orders.find(Spec::all()).one().await.unwrap_err().code(), "repository/not_single");
    assert_eq!(orders.find(Spec::all()).sort(Order::number().desc()).first().await.unwrap().unwrap().number, "A-2");
    assert_eq!(orders.find(Spec::none()).first().await.unwrap(), None);
    assert!(orders.find(Order::number().eq("A-1")).exists().await.unwrap());
    assert!(!orders.find(Order::number().eq("A-3")).exists().await.unwrap());
}

pub async fn more_rows_than_a_list_may_have_are_an_error_and_not_cut_off(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..4 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.find(Spec::all()).limit(4).list().await.unwrap().len(), 4);
    let error = orders.find(Spec::all()).limit(3).list().await.unwrap_err();
    assert_eq!(error.code(), "repository/too_many_rows");
}

pub async fn rows_are_counted_to_the_last_or_to_a_cap(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..5 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    let of = async |orders: &mut bailiwick::repository::Repository<'_, Order>, count| {
        orders.find(Order::total().ge(1)).count(count).await.unwrap()
    };
    assert_eq!(of(&mut orders, Count::Exact).await, Total::Exact(4));
    assert_eq!(of(&mut orders, Count::Capped(4)).await, Total::Exact(4));
    assert_eq!(of(&mut orders, Count::Capped(3)).await, Total::AtLeast(4));
    assert_eq!(of(&mut orders, Count::None).await, Total::None);
}

pub async fn a_condition_finds_what_it_matches_in_memory(db: &Db) {
    let shop = shop(db, "acme");
    let mut all = Vec::new();
    for number in 0..12 {
        let label = [None, Some("rush 100%_!\\"), Some("Rush"), Some("")][number as usize % 4].map(Into::into);
        let pieces = (number % 3 > 0).then_some(i64::from(number % 5) - 2);
        let new = NewOrder { label, pieces, gift: number % 2 == 0, ..new(number) };
        all.push(shop.repository::<Order>().insert(new).await.unwrap());
    }
    let specs = [
        Order::label().contains("100%_!\\"),
        Order::label().contains(""),
        !Order::label().contains("rush"),
        Order::label().contains_ci("RUSH"),
        Order::label().starts_with("r") | Order::label().ends_with("h"),
        Order::label().ends_with(""),
        !(Order::pieces().gt(0) & Order::gift().eq(true)),
        Order::pieces().same(None::<i64>) | Order::pieces().not_same(Some(1)),
        Order::pieces().not_in([1, 2, 0]),
        Order::pieces().not_in(Vec::<i64>::new()),
        Order::pieces().between(-1, 1) & !Order::label().is_null(),
        Order::total().between(3, Decimal::new(75, 1)),
        Order::status().eq(Status::Pending) & Order::weight().lt(0.6) & Order::views().le(0),
        !Spec::all_of([Order::pieces().eq(1), Order::label().eq("Rush")]),
        Spec::none() | !Spec::none(),
        Order::created_at().le(all[0].created_at),
    ];
    for spec in specs {
        let found: Vec<_> = shop.repository::<Order>().find(spec.clone()).list().await.unwrap();
        let expected: Vec<_> = all.iter().filter(|order| spec.matches(order)).cloned().collect();
        assert_eq!(found, expected, "{spec}");
    }
}

pub async fn null_sorts_last_ascending_and_first_descending_unless_it_is_said(db: &Db) {
    let shop = shop(db, "acme");
    for (number, pieces) in [(0, Some(2)), (1, None), (2, Some(1)), (3, None), (4, Some(2))] {
        shop.repository::<Order>().insert(NewOrder { pieces, ..new(number) }).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    let pairs = [
        (Order::pieces().asc(), "2 0 4 1 3"),
        (Order::pieces().desc(), "3 1 4 0 2"),
        (Order::pieces().asc().nulls_first(), "1 3 2 0 4"),
        (Order::pieces().desc().nulls_last(), "4 0 2 3 1"),
    ];
    for (key, expected) in pairs {
        let found = orders.find(Spec::all()).sort(key).list().await.unwrap();
        let numbers: Vec<_> = found.iter().map(|order| order.number.trim_start_matches("A-")).collect();
        assert_eq!(numbers.join(" "), expected, "{key:?}");
    }
}

pub async fn texts_sort_by_their_bytes(db: &Db) {
    let shop = shop(db, "acme");
    let mut labels = ["b", "B", "a", "é", "z", "", "ab", "a b", "\u{10FFFF}", "\u{FFFD}"].map(String::from);
    for (number, label) in (0..).zip(&labels) {
        shop.repository::<Order>().insert(NewOrder { label: Some(label.clone()), ..new(number) }).await.unwrap();
    }
    let found = shop.repository::<Order>().find(Spec::all()).sort(Order::label().asc()).list().await.unwrap();
    labels.sort();
    assert_eq!(found.into_iter().map(|order| order.label.unwrap()).collect::<Vec<_>>(), labels);
}

pub async fn a_condition_with_a_value_that_no_column_can_hold_is_refused(db: &Db) {
    let shop = shop(db, "acme");
    let specs = [
        Order::number().eq("A\0"),
        Order::label().contains("A\0"),
        Order::views().eq(u64::MAX),
        Order::weight().lt(f64::NAN),
        Order::weight().is_in([1.0, f64::INFINITY]),
        !Order::total().eq(Decimal::new(1, 5)),
        Order::number().gt("A".repeat(33).as_str()),
    ];
    for spec in specs {
        let error = shop.repository::<Order>().find(spec).list().await.unwrap_err();
        assert_eq!(error.code(), "repository/value", "{error}");
    }
    assert!(
        shop.repository::<Order>().find(Order::label().contains(&"A".repeat(300))).list().await.unwrap().is_empty()
    );
}

pub async fn a_list_of_more_values_than_a_statement_takes_is_split_and_one_beyond_the_budget_refused(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..3 {
        shop.repository::<Order>().insert(NewOrder { pieces: Some(number.into()), ..new(number) }).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    for length in [1, 2, 3, 1_024, 1_025, 16_384] {
        let found = orders.find(Order::pieces().is_in((0..length).rev())).list().await.unwrap();
        assert_eq!(found.len() as i64, length.min(3), "{length}");
    }
    let error = orders.find(Order::pieces().is_in(0..16_385)).list().await.unwrap_err();
    assert_eq!(error.code(), "filter/budget");
    let any = |parts| Spec::any_of((0..parts).map(|number| Order::pieces().eq(number)));
    assert_eq!(orders.find(any(899)).list().await.unwrap().len(), 3);
    assert_eq!(orders.find(any(900)).list().await.unwrap_err().code(), "filter/budget");
    let deep = (0..899).fold(Order::pieces().eq(1), |spec, _| !spec);
    assert_eq!(orders.find(deep).list().await.unwrap().len(), 2);
}

pub async fn an_entity_of_nobody_needs_no_scope(db: &Db) {
    for (code, name) in [("de", "Germany"), ("at", "Austria")] {
        db.repository::<Country>().insert(NewCountry { code: code.into(), name: name.into() }).await.unwrap();
    }
    let mut austria = shop(db, "acme").repository::<Country>().get("at".into()).await.unwrap();
    assert_eq!(austria.name, "Austria");
    austria.name = "Österreich".into();
    db.repository::<Country>().overwrite(&mut austria).await.unwrap();
    let all = db.repository::<Country>().find(Spec::all()).sort(Country::name().asc()).list().await.unwrap();
    assert_eq!(all.iter().map(|country| country.name.as_str()).collect::<Vec<_>>(), ["Germany", "Österreich"]);
    let again = NewCountry { code: "at".into(), name: "x".into() };
    assert_eq!(db.repository::<Country>().insert(again).await.unwrap_err().code(), "repository/duplicate");
}
