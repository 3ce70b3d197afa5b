//! A specification as text and as JSON.

use bailiwick::{
    entity::Date,
    specification::{Operator, Spec, SpecPolicy},
};

use super::order::{Order, Status};

fn read(text: &str) -> Spec<Order> {
    Spec::from_json(text, &SpecPolicy::default()).unwrap()
}

#[test]
fn it_prints_as_a_person_would_write_it() {
    let spec = (Order::status().eq(Status::Pending) & Order::total().gt(100)) | !Order::label().is_null();
    assert_eq!(spec.to_string(), r#"(status = "pending" AND total > 100) OR NOT label IS NULL"#);
    assert_eq!(Spec::<Order>::all().to_string(), "TRUE");
    assert_eq!((!Spec::<Order>::none()).to_string(), "NOT FALSE");
    let both = !(Order::gift().eq(true) & Order::weight().lt(1.5));
    assert_eq!(both.to_string(), "NOT (gift = true AND weight < 1.5)");
    let many = Order::pieces().is_in(1..=12);
    assert_eq!(many.to_string(), "pieces IN (1, 2, 3, 4, 5, … 12 values)");
    let day = Order::paid_on().same(Some(Date::new(2024, 2, 29).unwrap())) & Order::label().starts_with("a\"b");
    assert_eq!(day.to_string(), r#"paid_on IS 2024-02-29 AND label STARTS WITH "a\"b""#);
}

#[test]
fn values_of_sensitive_columns_are_not_printed() {
    let spec = Order::phone().contains("555-0199") | Order::phone().is_in(["555-0100", "555-0101"]);
    assert_eq!(spec.to_string(), "phone CONTAINS ••• OR phone IN (•••, •••)");
    let wrong = r#"{"v":1,"where":{"field":"phone","op":"in","value":["555-0199", 5550199]}}"#;
    assert_eq!(Spec::<Order>::from_json(wrong, &SpecPolicy::default()).unwrap_err().code(), "filter/field");
    let allowed = SpecPolicy::only().allow(Order::phone(), [Operator::In]);
    let error = Spec::<Order>::from_json(wrong, &allowed).unwrap_err();
    assert_eq!(error.code(), "filter/type");
    assert!(!format!("{error} {error:?}").contains("555"), "{error:?}");
}

#[test]
fn it_is_written_as_json_and_read_again() {
    let spec = Order::status().is_in([Status::Paid, Status::Shipped]) & !Order::label().is_null();
    let text = r#"{"v":1,"where":{"all":[{"field":"status","op":"in","value":["paid","shipped"]},{"not":{"field":"label","op":"is_null"}}]}}"#;
    assert_eq!(spec.to_json().unwrap(), text);
    assert_eq!(read(text), spec);
}

#[test]
fn every_operator_is_read() {
    let day = Date::new(2024, 2, 29).unwrap();
    let pairs: [(&str, Spec<Order>); 17] = [
        (r#""op":"eq","value":3"#, Order::pieces().eq(3)),
        (r#""op":"ne","value":"3""#, Order::pieces().ne(3)),
        (r#""op":"lt","value":3"#, Order::pieces().lt(3)),
        (r#""op":"le","value":3"#, Order::pieces().le(3)),
        (r#""op":"gt","value":3"#, Order::pieces().gt(3)),
        (r#""op":"ge","value":3"#, Order::pieces().ge(3)),
        (r#""op":"between","value":[3,5]"#, Order::pieces().between(3, 5)),
        (r#""op":"same","value":null"#, Order::pieces().is_null()),
        (r#""op":"not_same","value":3"#, Order::pieces().not_same(Some(3))),
        (r#""op":"in","value":[]"#, Order::pieces().is_in(Vec::<i64>::new())),
        (r#""op":"not_in","value":[3]"#, Order::pieces().not_in([3])),
        (r#""op":"not_null""#, Order::pieces().is_not_null()),
        (r#""op":"eq","value":"2024-02-29""#, Order::paid_on().eq(day)),
        (r#""op":"starts_with","value":"r""#, Order::label().starts_with("r")),
        (r#""op":"contains","value":"r""#, Order::label().contains("r")),
        (r#""op":"ends_with","value":"r""#, Order::label().ends_with("r")),
        (r#""op":"contains_ci","value":"r""#, Order::label().contains_ci("r")),
    ];
    for (number, (text, spec)) in pairs.into_iter().enumerate() {
        let field = if number < 12 { "pieces" } else { ["paid_on", "label"][usize::from(number > 12)] };
        assert_eq!(read(&format!(r#"{{"v":1,"where":{{"field":"{field}",{text}}}}}"#)), spec, "{text}");
    }
}

#[test]
fn the_keys_of_a_test_stand_in_any_order_and_an_alias_is_read_as_its_state() {
    let spec = read(r#"{"where":{"value":"sent","op":"eq","field":"status"},"v":1}"#);
    assert_eq!(spec, Order::status().eq(Status::Shipped));
}

#[test]
fn a_policy_narrows_what_may_be_asked() {
    let policy = SpecPolicy::only().allow(Order::status(), [Operator::Eq]);
    let ask = |text: &str| Spec::<Order>::from_json(text, &policy).map_err(|error| error.code());
    assert!(ask(r#"{"v":1,"where":{"field":"status","op":"eq","value":"paid"}}"#).is_ok());
    let other = r#"{"v":1,"where":{"field":"status","op":"in","value":["paid"]}}"#;
    assert_eq!(ask(other).unwrap_err(), "filter/operator");
    let foreign = r#"{"v":1,"where":{"field":"total","op":"gt","value":"1"}}"#;
    assert_eq!(ask(foreign).unwrap_err(), "filter/field");
}

#[test]
fn the_same_condition_in_another_order_has_the_same_normal_form() {
    let one = (Order::gift().eq(true) & Order::pieces().gt(3)) & !!Order::label().is_null();
    let other = Order::label().is_null() & (Order::pieces().gt(3) & Spec::all_of([Order::gift().eq(true)]));
    assert_ne!(one, other);
    assert_eq!(one.normal(), other.normal());
}
