//! Random conditions and orders over random rows: what a database finds is what the condition matches in memory.

use bailiwick::{
    Version,
    entity::{Date, Decimal},
    repository::{Db, Page, SortKey},
    specification::Spec,
};
use proptest::{
    prelude::{Just, Strategy, any, prop, prop_oneof},
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::shop::{NewOrder, Order, OrderPatch, Status, new, shop};

const ROWS: u32 = 150;
const SPECS: usize = 1_500;
const WALKS: usize = 60;
const ROUNDS: i64 = 200;

/// Chance that is the same in every run.
pub fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn draw<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

fn text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a",
        "A",
        "%",
        "_",
        "!",
        "\\",
        "é",
        "É",
        "\u{D7FF}",
        "\u{10FFFF}",
        "'",
        "\"",
        " ",
        "ß",
    ]);
    prop_oneof![3 => prop::collection::vec(parts, 0..4).prop_map(|parts| parts.concat()), 1 => "\\PC{0,5}"]
}

fn day() -> impl Strategy<Value = Date> {
    (1_u8..5).prop_map(|day| Date::new(2026, 2, day).unwrap())
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![Just(Status::Pending), Just(Status::Paid), Just(Status::Shipped)]
}

fn row(runner: &mut TestRunner, number: u32) -> NewOrder {
    NewOrder {
        pieces: draw(runner, &prop::option::of(-2..3_i64)),
        label: draw(runner, &prop::option::of(text())),
        status: draw(runner, &status()),
        total: Decimal::new(draw(runner, &(-300..300_i64)), 2),
        gift: draw(runner, &any::<bool>()),
        due: draw(runner, &prop::option::of(day())),
        weight: draw(runner, &prop::sample::select(vec![-1.5, -0.0, 0.0, 0.1, 1e300, f64::MIN_POSITIVE])),
        views: draw(runner, &prop::sample::select(vec![0_u64, 1, 9_223_372_036_854_775_807])),
        ..new(number)
    }
}

fn leaf() -> impl Strategy<Value = Spec<Order>> {
    let pieces =
        (0..9_u8, -2..3_i64, prop::collection::vec(-2..3_i64, 0..4)).prop_map(|(test, number, list)| match test {
            0 => Order::pieces().eq(number),
            1 => Order::pieces().ne(number),
            2 => Order::pieces().lt(number),
            3 => Order::pieces().ge(number),
            4 => Order::pieces().same(Some(number)),
            5 => Order::pieces().is_null(),
            6 => Order::pieces().is_in(list),
            7 => Order::pieces().not_in(list),
            _ => Order::pieces().between(number, 1),
        });
    let label = (0..9_u8, text()).prop_map(|(test, text)| match test {
        0 => Order::label().eq(text.as_str()),
        1 => Order::label().not_same(Some(text.as_str())),
        2 => Order::label().starts_with(&text),
        3 => Order::label().contains(&text),
        4 => Order::label().ends_with(&text),
        5 => Order::label().contains_ci(&text),
        6 => Order::label().gt(text.as_str()),
        7 => Order::label().is_in([text.as_str(), "a"]),
        _ => Order::label().le(text.as_str()),
    });
    let rest =
        (0..6_u8, -300..300_i64, status(), day(), any::<bool>()).prop_map(
            |(test, cents, status, day, flag)| match test {
                0 => Order::total().le(Decimal::new(cents, 2)),
                1 => Order::total().eq(Decimal::new(cents / 100, 0)),
                2 => Order::status().is_in([status, Status::Paid]),
                3 => Order::due().gt(day),
                4 => Order::gift().eq(flag) & Order::views().ge(1_u64),
                _ => Order::weight().gt(0.0) | Order::weight().eq(-0.0),
            },
        );
    prop_oneof![pieces, label, rest]
}

fn spec() -> impl Strategy<Value = Spec<Order>> {
    leaf().prop_recursive(5, 30, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Spec::all_of),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Spec::any_of),
            inner.prop_map(|spec| !spec),
        ]
    })
}

fn keys() -> impl Strategy<Value = Vec<SortKey<Order>>> {
    let key = (0..7_u8, any::<bool>(), any::<bool>()).prop_map(|(column, descending, nulls_first)| {
        macro_rules! key {
            ($column:ident) => {
                if descending { Order::$column().desc() } else { Order::$column().asc() }
            };
        }
        let key = match column {
            0 => key!(pieces),
            1 => key!(label),
            2 => key!(total),
            3 => key!(due),
            4 => key!(weight),
            5 => key!(number),
            _ => key!(created_at),
        };
        if nulls_first { key.nulls_first() } else { key.nulls_last() }
    });
    prop::collection::vec(key, 0..4)
}

pub async fn fill(db: &Db, runner: &mut TestRunner) -> Vec<Order> {
    let shop = shop(db, "acme");
    let mut all = Vec::new();
    for number in 0..ROWS {
        let row = row(runner, number.wrapping_mul(2_654_435_761));
        all.push(shop.repository::<Order>().insert(row).await.unwrap());
    }
    shop_of_others(db).await;
    all.sort_by_key(|order| order.id);
    all
}

/// Rows of another tenant and deleted ones, which nothing finds.
async fn shop_of_others(db: &Db) {
    let (other, own) = (shop(db, "other"), shop(db, "acme"));
    for number in 0..5 {
        other.repository::<Order>().insert(new(9_000_000 + number)).await.unwrap();
        let gone = own.repository::<Order>().insert(new(8_000_000 + number)).await.unwrap();
        own.repository::<Order>().delete(gone.id, bailiwick::repository::Expect::Any).await.unwrap();
    }
}

pub async fn what_is_found_is_what_matches(db: &Db) {
    let mut runner = runner();
    let all = fill(db, &mut runner).await;
    let (shop, strategy) = (shop(db, "acme"), spec());
    let mut orders = shop.repository::<Order>();
    for _ in 0..SPECS {
        let spec = draw(&mut runner, &strategy);
        let found = orders.find(spec.clone()).list().await.unwrap();
        let matching: Vec<_> = all.iter().filter(|order| spec.matches(order)).cloned().collect();
        assert_eq!(found.len(), matching.len(), "{spec}");
        assert!(found == matching, "{spec}");
    }
}

pub async fn what_is_summed_up_and_changed_is_what_matches(db: &Db) {
    let mut runner = runner();
    let mut all = fill(db, &mut runner).await;
    let (shop, strategy) = (shop(db, "acme"), spec());
    let mut orders = shop.repository::<Order>().everything();
    for round in 0..ROUNDS {
        let spec = draw(&mut runner, &strategy);
        let matching: Vec<_> = all.iter().filter(|order| spec.matches(order)).cloned().collect();
        let pieces = matching.iter().filter_map(|order| order.pieces);
        let sum = (pieces.clone().count() > 0).then(|| pieces.clone().sum());
        assert_eq!(orders.find(spec.clone()).sum(Order::pieces()).await.unwrap(), sum, "{spec}");
        assert_eq!(orders.find(spec.clone()).min(Order::pieces()).await.unwrap(), pieces.clone().min(), "{spec}");
        let total = matching.iter().map(|order| order.total).reduce(|sum, one| sum + one);
        assert_eq!(orders.find(spec.clone()).sum(Order::total()).await.unwrap(), total, "{spec}");
        let label = matching.iter().filter_map(|order| order.label.clone()).max();
        assert_eq!(orders.find(spec.clone()).max(Order::label()).await.unwrap(), label, "{spec}");
        let patch = OrderPatch::new().pieces(Some(round % 5 - 2));
        let changed = orders.update_where(spec.clone(), patch).await.unwrap();
        assert_eq!(changed.rows, matching.len() as u64, "{spec}");
        for order in all.iter_mut().filter(|order| spec.matches(order)) {
            order.pieces = Some(round % 5 - 2);
            order.version = Version::new(order.version.get() + 1);
        }
    }
    assert!(orders.find(Spec::all()).list().await.unwrap() == all);
}

pub async fn every_walk_returns_every_row_once(db: &Db) {
    let mut runner = runner();
    fill(db, &mut runner).await;
    let (shop, spec, sorts) = (shop(db, "acme"), spec(), keys());
    let mut orders = shop.repository::<Order>();
    for walk in 0..WALKS {
        let (spec, keys, size) = (draw(&mut runner, &spec), draw(&mut runner, &sorts), draw(&mut runner, &(1..40_u64)));
        let all = keys.iter().fold(orders.find(spec.clone()), |find, key| find.sort(*key)).list().await.unwrap();
        let backwards = walk % 2 == 1;
        let mut seen: Vec<Order> = Vec::new();
        let mut cursor = None;
        loop {
            let request = if backwards { Page::before(cursor, size) } else { Page::after(cursor, size) };
            let found =
                keys.iter().fold(orders.find(spec.clone()), |find, key| find.sort(*key)).page(request).await.unwrap();
            if backwards {
                seen.splice(0..0, found.items);
                cursor = found.prev;
            } else {
                seen.extend(found.items);
                cursor = found.next;
            }
            if cursor.is_none() {
                break;
            }
        }
        assert!(seen == all, "{spec} by {keys:?} in pages of {size}, backwards {backwards}");
    }
}
