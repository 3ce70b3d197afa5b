//! Filters from outside by chance, right, wrong and broken: what is read is written as what was read, and a database finds
//! by it what it finds in memory.

use bailiwick::{
    entity::Decimal,
    repository::{Count, Total},
    specification::{Spec, SpecPolicy},
};
use proptest::{
    prelude::{Just, Strategy, any, prop, prop_oneof},
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::rows::{
    Fresh,
    shop::{NewOrder, Order, Status, new, shop, tables},
};

/// How many texts there are, unless the environment asks for more by `BAILIWICK_FUZZ_RUNS`.
const RUNS: usize = 30_000;

const FIELDS: [&str; 14] = [
    "number",
    "status",
    "total",
    "label",
    "pieces",
    "weight",
    "due",
    "gift",
    "views",
    "tenant",
    "contact",
    "deleted_at",
    "1=1",
    "",
];
const OPERATORS: [&str; 18] = [
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "same",
    "not_same",
    "in",
    "not_in",
    "between",
    "is_null",
    "is_not_null",
    "contains",
    "starts_with",
    "ends_with",
    "like",
    "or 1=1",
];
const VALUES: [&str; 26] = [
    "0",
    "-1",
    "3",
    "2.50",
    "1e300",
    "-0.0",
    "9223372036854775807",
    "9223372036854775808",
    "1E-400",
    "null",
    "true",
    "false",
    r#""""#,
    r#""1.50""#,
    r#""a""#,
    r#""%_!\\""#,
    r#""' OR 1=1 --""#,
    r#""\u0000""#,
    r#""\ud800""#,
    r#""2026-02-03""#,
    r#""pending""#,
    r#"["pending","paid"]"#,
    "[]",
    "[1,2,-1]",
    r#"["a","' --"]"#,
    r#"{"$ne":1}"#,
];

/// A condition as text. Most comparisons fit their field.
fn condition() -> impl Strategy<Value = String> {
    let any_test = (prop::sample::select(&FIELDS[..]), prop::sample::select(&OPERATORS[..]));
    let any_test = (any_test, prop::sample::select(&VALUES[..]));
    let any_test = any_test.prop_map(|((field, op), value)| test(field, op, value));
    let fits = prop::sample::select(vec![
        ("pieces", "0"),
        ("pieces", "-1"),
        ("total", r#""1.50""#),
        ("total", r#""0""#),
        ("label", r#""' OR 1=1 --""#),
        ("label", r#""%_!\\""#),
        ("weight", "-0.0"),
        ("weight", "1e300"),
        ("due", r#""2026-02-03""#),
        ("views", "3"),
    ]);
    let fits = (fits, 0..8_usize).prop_map(|((field, value), op)| test(field, OPERATORS[op], value));
    prop_oneof![1 => any_test, 4 => fits].prop_recursive(4, 12, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| parts.join(","));
        prop_oneof![
            parts.clone().prop_map(|parts| format!(r#"{{"all":[{parts}]}}"#)),
            parts.prop_map(|parts| format!(r#"{{"any":[{parts}]}}"#)),
            inner.prop_map(|part| format!(r#"{{"not":{part}}}"#)),
        ]
    })
}

fn test(field: &str, op: &str, value: &str) -> String {
    match op {
        "is_null" | "is_not_null" => format!(r#"{{"field":"{field}","op":"{op}"}}"#),
        _ => format!(r#"{{"field":"{field}","op":"{op}","value":{value}}}"#),
    }
}

/// A text of the whole, some of them with a character too many, too few, or another one.
fn text() -> impl Strategy<Value = String> {
    let harm = prop_oneof![
        3 => Just(None),
        1 => (any::<prop::sample::Index>(), prop::option::of(any::<char>()), any::<bool>()).prop_map(Some),
    ];
    (condition(), harm).prop_map(|(condition, harm)| {
        let whole = format!(r#"{{"v":1,"where":{condition}}}"#);
        let Some((place, char, instead)) = harm else { return whole };
        let mut chars: Vec<char> = whole.chars().collect();
        let at = place.index(chars.len());
        chars.splice(at..at + usize::from(instead), char);
        chars.into_iter().collect()
    })
}

fn orders() -> impl Iterator<Item = NewOrder> {
    let labels = [None, Some("' OR 1=1 --"), Some("%_!\\"), Some("a"), Some("")];
    (0..40).map(move |number| NewOrder {
        pieces: [None, Some(0), Some(-1), Some(3)][number as usize % 4],
        label: labels[number as usize % 5].map(str::to_owned),
        status: [Status::Pending, Status::Paid, Status::Shipped][number as usize % 3],
        total: Decimal::new(i64::from(number % 7) * 50 - 100, 2),
        weight: [-0.0, 0.5, 1e300][number as usize % 3],
        views: u64::from(number % 4),
        ..new(number)
    })
}

#[tokio::test]
async fn a_filter_by_chance_is_refused_or_means_the_same_everywhere() {
    let Some(fresh) = Fresh::sqlite().await else { return };
    fresh.db.migrate(tables()).await.unwrap();
    let shop = shop(&fresh.db, "acme");
    for order in orders() {
        shop.repository::<Order>().insert(order).await.unwrap();
    }
    let all = shop.repository::<Order>().find(Spec::all()).list().await.unwrap();
    let runs = std::env::var("BAILIWICK_FUZZ_RUNS").map_or(RUNS, |runs| runs.parse().unwrap());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (text, policy, mut read) = (text(), SpecPolicy::default(), 0);
    let roomy = SpecPolicy::default().max_bytes(1 << 20);
    for _ in 0..runs {
        let text = text.new_tree(&mut runner).unwrap().current();
        let Ok(spec) = Spec::<Order>::from_json(&text, &policy) else { continue };
        let written = spec.to_json().unwrap();
        let again = Spec::<Order>::from_json(&written, &roomy).unwrap();
        assert_eq!(again, spec, "{text} was written as {written}");
        let found = all.iter().filter(|order| spec.matches(order)).count();
        let counted = shop.repository::<Order>().find(spec).count(Count::Exact).await.unwrap();
        assert_eq!(counted, Total::Exact(found as u64), "{text}");
        read += 1;
    }
    assert!(read * 4 > runs, "of {runs} texts {read} could be read");
    fresh.db.close().await.unwrap();
}
