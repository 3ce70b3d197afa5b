//! Random specifications over random orders, held against a reading of SQL's logic that shares nothing with ours.

use bailiwick::{
    entity::Decimal,
    specification::{Spec, SpecPolicy},
};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

use super::order::{Order, Status};

/// A condition of the test's own.
#[derive(Debug, Clone)]
pub enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    Not(Box<Rule>),
    Pieces(u8, i64),
    PiecesIn(Vec<i64>),
    PiecesSame(Option<i64>),
    Label(u8, String),
    Status(Status),
    Total(i64),
}

impl Rule {
    pub fn spec(&self) -> Spec<Order> {
        match self {
            Self::All(parts) => Spec::all_of(parts.iter().map(Self::spec)),
            Self::Any(parts) => Spec::any_of(parts.iter().map(Self::spec)),
            Self::Not(inner) => !inner.spec(),
            Self::Pieces(0, number) => Order::pieces().eq(*number),
            Self::Pieces(1, number) => Order::pieces().ne(*number),
            Self::Pieces(2, number) => Order::pieces().lt(*number),
            Self::Pieces(3, number) => Order::pieces().le(*number),
            Self::Pieces(4, number) => Order::pieces().gt(*number),
            Self::Pieces(_, number) => Order::pieces().ge(*number),
            Self::PiecesIn(numbers) => Order::pieces().is_in(numbers),
            Self::PiecesSame(number) => Order::pieces().same(*number),
            Self::Label(0, text) => Order::label().eq(text.as_str()),
            Self::Label(1, text) => Order::label().starts_with(text),
            Self::Label(2, text) => Order::label().contains(text),
            Self::Label(3, text) => Order::label().ends_with(text),
            Self::Label(_, text) => Order::label().gt(text.as_str()),
            Self::Status(status) => Order::status().eq(*status),
            Self::Total(cents) => Order::total().le(Decimal::new(*cents, 2)),
        }
    }

    /// `None` is unknown.
    pub fn holds(&self, order: &Order) -> Option<bool> {
        let label = order.label.as_deref();
        match self {
            Self::All(parts) => decided(parts.iter().map(|part| part.holds(order)), false),
            Self::Any(parts) => decided(parts.iter().map(|part| part.holds(order)), true),
            Self::Not(inner) => inner.holds(order).map(|holds| !holds),
            Self::Pieces(0, number) => Some(order.pieces? == *number),
            Self::Pieces(1, number) => Some(order.pieces? != *number),
            Self::Pieces(2, number) => Some(order.pieces? < *number),
            Self::Pieces(3, number) => Some(order.pieces? <= *number),
            Self::Pieces(4, number) => Some(order.pieces? > *number),
            Self::Pieces(_, number) => Some(order.pieces? >= *number),
            Self::PiecesIn(numbers) if numbers.is_empty() => Some(false),
            Self::PiecesIn(numbers) => Some(numbers.contains(&order.pieces?)),
            Self::PiecesSame(number) => Some(order.pieces == *number),
            Self::Label(0, text) => Some(label? == text),
            Self::Label(1, text) => Some(label?.starts_with(text.as_str())),
            Self::Label(2, text) => Some(label?.contains(text.as_str())),
            Self::Label(3, text) => Some(label?.ends_with(text.as_str())),
            Self::Label(_, text) => Some(label?.as_bytes() > text.as_bytes()),
            Self::Status(status) => Some(order.status == *status),
            Self::Total(cents) => Some(order.total <= Decimal::new(*cents, 2)),
        }
    }
}

/// The answer that one part decides, however unknown the others are.
pub fn decided(answers: impl Iterator<Item = Option<bool>>, by: bool) -> Option<bool> {
    let answers: Vec<_> = answers.collect();
    if answers.contains(&Some(by)) {
        return Some(by);
    }
    if answers.contains(&None) { None } else { Some(!by) }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(vec!["a", "A", "%", "_", "!", "\\", "é", "\u{10FFFF}", "'"]), 0..4)
            .prop_map(|parts| parts.concat()),
        prop::sample::select(vec!["a", "A", "a ", "e", "é"]).prop_map(str::to_owned), // the same to some collations
        "\\PC{0,6}",
    ]
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![Just(Status::Pending), Just(Status::Paid), Just(Status::Shipped)]
}

pub fn rule() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![
        1 => (0..6_u8, -2..3_i64).prop_map(|(test, number)| Rule::Pieces(test, number)),
        1 => prop::collection::vec(-2..3_i64, 0..3).prop_map(Rule::PiecesIn),
        1 => prop::option::of(-2..3_i64).prop_map(Rule::PiecesSame),
        5 => (0..5_u8, text()).prop_map(|(test, text)| Rule::Label(test, text)),
        1 => status().prop_map(Rule::Status),
        1 => (-300..300_i64).prop_map(Rule::Total),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Rule::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Rule::Any),
            inner.prop_map(|rule| Rule::Not(Box::new(rule))),
        ]
    })
}

pub fn order() -> impl Strategy<Value = Order> {
    (prop::option::of(-2..3_i64), prop::option::of(text()), status(), -300..300_i64, any::<u64>()).prop_map(
        |(pieces, label, status, cents, views)| Order {
            pieces,
            label,
            status,
            total: Decimal::new(cents, 2),
            views,
            ..Order::new("A-1")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_specification_matches_what_sql_would_find(rule in rule(), order in order()) {
        let spec = rule.spec();
        prop_assert_eq!(spec.matches(&order), rule.holds(&order) == Some(true), "{}", spec);
        prop_assert_eq!((!spec.clone()).matches(&order), rule.holds(&order) == Some(false), "NOT {}", spec);
        prop_assert_eq!(spec.clone().normal().matches(&order), spec.matches(&order), "normal {}", spec);
    }

    #[test]
    fn what_is_written_as_json_is_read_as_the_same(rule in rule(), order in order()) {
        let spec = rule.spec();
        let policy = SpecPolicy::default().max_depth(60);
        let again = Spec::<Order>::from_json(&spec.to_json().unwrap(), &policy).unwrap();
        prop_assert_eq!(again.matches(&order), spec.matches(&order));
        prop_assert_eq!(again.normal(), spec.normal());
    }

    #[test]
    fn a_number_is_read_as_it_was_written(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        if number.is_finite() {
            let spec = Order::weight().eq(number);
            let again = Spec::<Order>::from_json(&spec.to_json().unwrap(), &SpecPolicy::default()).unwrap();
            prop_assert_eq!(again, spec);
        }
    }

    #[test]
    fn whatever_stands_in_a_filter_is_read_or_refused(text in "\\PC{0,80}", cut in 0..200_usize, rule in rule()) {
        let policy = SpecPolicy::default();
        let _refused = Spec::<Order>::from_json(&text, &policy);
        let mut json = rule.spec().to_json().unwrap();
        let at = (0..=cut.min(json.len())).rev().find(|at| json.is_char_boundary(*at)).unwrap_or(0);
        json.insert_str(at, &text);
        let _read = Spec::<Order>::from_json(&json, &policy);
    }
}
