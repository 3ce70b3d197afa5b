//! What a specification finds.

use bailiwick::{entity::Decimal, specification::Spec};

use super::order::{Order, Status};

fn rush() -> Order {
    Order { label: Some("rush, 100%_!\\ fragile".into()), pieces: Some(3), ..Order::new("A-17") }
}

fn plain() -> Order {
    Order::new("A-18")
}

fn found(spec: &Spec<Order>) -> [bool; 2] {
    [spec.matches(&rush()), spec.matches(&plain())]
}

#[test]
fn a_specification_reads_like_the_rule_that_it_is() {
    let due = (Order::status().eq(Status::Pending) & Order::total().gt(100)) | Order::label().contains("rush");
    assert_eq!(found(&due), [true, false]);
    let dear = Order { total: Decimal::new(100_0001, 4), ..plain() };
    assert!(due.matches(&dear));
    assert!(!due.matches(&Order { status: Status::Paid, ..dear }));
}

#[test]
fn what_is_null_is_unknown_to_every_comparison_and_to_its_opposite() {
    assert_eq!(found(&Order::label().eq("x")), [false, false]);
    assert_eq!(found(&!Order::label().eq("x")), [true, false]);
    assert_eq!(found(&Order::label().ne("x")), [true, false]);
    assert_eq!(found(&!Order::pieces().lt(5)), [false, false]);
    assert_eq!(found(&!Order::pieces().gt(5)), [true, false]);
    assert_eq!(found(&Order::label().contains("")), [true, false]);
    assert_eq!(found(&!Order::label().contains("")), [false, false]);
}

#[test]
fn same_and_the_null_tests_are_never_unknown() {
    assert_eq!(found(&Order::pieces().same(Some(3))), [true, false]);
    assert_eq!(found(&Order::pieces().not_same(Some(3))), [false, true]);
    assert_eq!(found(&Order::pieces().same(None::<i64>)), [false, true]);
    assert_eq!(found(&Order::pieces().is_null()), [false, true]);
    assert_eq!(found(&Order::pieces().is_not_null()), [true, false]);
}

#[test]
fn a_list_finds_its_values_and_an_empty_list_decides_also_for_null() {
    assert_eq!(found(&Order::pieces().is_in([1, 3])), [true, false]);
    assert_eq!(found(&Order::pieces().not_in([1, 3])), [false, false]);
    assert_eq!(found(&Order::pieces().not_in([1])), [true, false]);
    assert_eq!(found(&Order::pieces().is_in(Vec::<i64>::new())), [false, false]);
    assert_eq!(found(&Order::pieces().not_in(Vec::<i64>::new())), [true, true]);
}

#[test]
fn every_character_of_a_part_stands_for_itself() {
    for part in ["100%_!\\", "100%", "%", "_", "!", "\\", "rush, 100%_!\\ fragile"] {
        assert_eq!(found(&Order::label().contains(part)), [true, false], "{part}");
    }
    for part in ["1%0", "100__", "Rush", "rush%", "fragile "] {
        assert_eq!(found(&Order::label().contains(part)), [false, false], "{part}");
    }
    assert_eq!(found(&Order::label().starts_with("rush")), [true, false]);
    assert_eq!(found(&Order::label().starts_with("ush")), [false, false]);
    assert_eq!(found(&Order::label().ends_with("fragile")), [true, false]);
    assert_eq!(found(&Order::label().ends_with("fragil")), [false, false]);
    assert_eq!(found(&Order::label().contains_ci("RUSH")), [true, false]);
}

#[test]
fn nothing_at_all_is_true_of_all_and_false_of_any() {
    assert_eq!(found(&Spec::all()), [true, true]);
    assert_eq!(found(&Spec::none()), [false, false]);
    assert_eq!(found(&Spec::all_of([])), [true, true]);
    assert_eq!(found(&Spec::any_of([])), [false, false]);
    assert_eq!(found(&(Spec::all() & Order::gift().eq(true))), [false, false]);
    assert_eq!(found(&(Spec::none() | Order::gift().eq(false))), [true, true]);
}

#[test]
fn bounds_belong_to_between_and_floats_compare_as_ieee_has_it() {
    assert_eq!(found(&Order::pieces().between(3, 3)), [true, false]);
    assert_eq!(found(&Order::pieces().between(4, 2)), [false, false]);
    let nought = Order { weight: 0.0, ..plain() };
    assert!(Order::weight().eq(-0.0).matches(&nought));
    assert!(Order::total().eq(Decimal::new(10_000, 2)).matches(&plain()));
    assert!(Order::views().lt(u64::from(u32::MAX)).matches(&plain()));
}

#[test]
fn a_value_that_no_column_can_hold_equals_nothing() {
    assert_eq!(found(&Order::views().eq(u64::MAX)), [false, false]);
    assert_eq!(found(&Order::weight().eq(f64::NAN)), [false, false]);
}
