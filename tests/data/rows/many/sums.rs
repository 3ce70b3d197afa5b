//! What a column of many rows comes to.

use bailiwick::{
    entity::{AsI64, Date, Decimal},
    repository::{Count, Db, Total},
    specification::Spec,
};

use crate::rows::shop::{NewOrder, Order, new, shop};

pub async fn a_column_is_summed_up_and_its_ends_are_found(db: &Db) {
    let shop = shop(db, "acme");
    for number in 1..=4 {
        let due = (number > 2).then(|| Date::new(2026, 2, number as u8).unwrap());
        let pieces = (number != 2).then_some(i64::from(number) * -10);
        let row = NewOrder { total: Decimal::new(1, 1), pieces, due, views: 7, ..new(number) };
        shop.repository::<Order>().insert(row).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.find(Spec::all()).sum(Order::total()).await.unwrap(), Some(Decimal::new(4, 1)));
    assert_eq!(orders.find(Spec::all()).sum(Order::pieces()).await.unwrap(), Some(-80));
    assert_eq!(orders.find(Spec::all()).sum(Order::views()).await.unwrap(), Some(28));
    assert_eq!(orders.find(Spec::all()).sum(Order::weight()).await.unwrap(), Some(2.0));
    assert_eq!(orders.find(Spec::all()).min(Order::pieces()).await.unwrap(), Some(-40));
    assert_eq!(orders.find(Spec::all()).max(Order::pieces()).await.unwrap(), Some(-10));
    assert_eq!(orders.find(Spec::all()).max(Order::number()).await.unwrap().as_deref(), Some("A-4"));
    assert_eq!(orders.find(Spec::all()).min(Order::due()).await.unwrap(), Some(Date::new(2026, 2, 3).unwrap()));
    assert_eq!(orders.find(Spec::all()).max(Order::views()).await.unwrap(), Some(AsI64(7)));
    assert_eq!(orders.find(Order::pieces().lt(-10)).sum(Order::pieces()).await.unwrap(), Some(-70));
}

pub async fn of_no_row_and_of_null_alone_there_is_no_sum_and_no_end(db: &Db) {
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.find(Spec::all()).sum(Order::total()).await.unwrap(), None);
    assert_eq!(orders.find(Spec::all()).max(Order::total()).await.unwrap(), None);
    shop.repository::<Order>().insert(new(1)).await.unwrap();
    assert_eq!(orders.find(Spec::all()).sum(Order::pieces()).await.unwrap(), None);
    assert_eq!(orders.find(Spec::all()).min(Order::pieces()).await.unwrap(), None);
    assert_eq!(orders.find(Spec::none()).sum(Order::weight()).await.unwrap(), None);
}

pub async fn a_sum_is_exact_however_large_it_becomes_on_the_way(db: &Db) {
    let shop = shop(db, "acme");
    let most = Decimal::new(999_999_999_999_999_999, 4);
    for number in 0..30 {
        let pieces = if number % 2 == 0 { i64::MAX } else { -i64::MAX };
        shop.repository::<Order>().insert(NewOrder { total: most, pieces: Some(pieces), ..new(number) }).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.find(Spec::all()).sum(Order::total()).await.unwrap(), Some(most * Decimal::from(30)));
    assert_eq!(orders.find(Spec::all()).sum(Order::pieces()).await.unwrap(), Some(0));
    let small = NewOrder { total: -most, pieces: Some(-1), ..new(30) };
    shop.repository::<Order>().insert(small).await.unwrap();
    assert_eq!(orders.find(Spec::all()).sum(Order::pieces()).await.unwrap(), Some(-1));
    assert_eq!(orders.find(Spec::all()).sum(Order::total()).await.unwrap(), Some(most * Decimal::from(29)));
}

pub async fn a_sum_that_its_type_cannot_hold_is_an_error_and_no_wrong_number(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..2 {
        let row = NewOrder { pieces: Some(i64::MAX), weight: f64::MAX, ..new(number) };
        shop.repository::<Order>().insert(row).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.find(Spec::all()).sum(Order::pieces()).await.unwrap_err().code(), "repository/overflow");
    assert_eq!(orders.find(Spec::all()).sum(Order::weight()).await.unwrap_err().code(), "repository/overflow");
    let least = NewOrder { pieces: Some(i64::MIN), ..new(2) };
    shop.repository::<Order>().insert(least).await.unwrap();
    assert_eq!(orders.find(Spec::all()).sum(Order::pieces()).await.unwrap(), Some(i64::MAX - 1));
}

pub async fn below_its_threshold_an_estimate_is_a_capped_count(db: &Db) {
    let shop = shop(db, "acme");
    for number in 0..5 {
        shop.repository::<Order>().insert(new(number)).await.unwrap();
    }
    let mut orders = shop.repository::<Order>();
    let below = orders.find(Spec::all()).count(Count::Estimate { threshold: 1_000_000 }).await.unwrap();
    assert_eq!(below, Total::Exact(5));
    let above = orders.find(Spec::all()).count(Count::Estimate { threshold: 4 }).await.unwrap();
    assert!(matches!(above, Total::AtLeast(5) | Total::Estimated(5..)), "{above:?}");
}
