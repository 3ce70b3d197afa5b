//! Filters from outside that are wrong, or want to do harm.

use std::fmt::Write as _;

use bailiwick::specification::{Spec, SpecPolicy};

use super::order::Order;

fn code(text: &str) -> &'static str {
    Spec::<Order>::from_json(text, &SpecPolicy::default()).unwrap_err().code()
}

fn test(field: &str, op: &str, value: &str) -> String {
    format!(r#"{{"v":1,"where":{{"field":{field},"op":{op},"value":{value}}}}}"#)
}

#[test]
fn only_the_name_of_a_column_that_may_be_filtered_is_a_field() {
    let long = format!("\"{}\"", "a".repeat(10_000));
    let names = [
        r#""note""#,
        r#""Status""#,
        r#""status ""#,
        r#""status\u0000""#,
        r#""orders.status""#,
        r#""\"status\"""#,
        r#""`status`""#,
        r#""status;--""#,
        r#""status\n""#,
        r#""$1""#,
        r#""?""#,
        r#""statu\u0455""#,
        r#""os.system""#,
        r#""__class__""#,
        r#""""#,
        &long,
    ];
    for name in names {
        assert_eq!(code(&test(name, r#""eq""#, r#""paid""#)), "filter/field", "{name}");
    }
}

#[test]
fn only_an_operator_that_the_column_has_is_one() {
    for op in [r#""lt""#, r#""contains""#, r#""is_null""#, r#""EQ""#, r#""=""#, r#""or 1=1""#, r#""regex""#, r#""""#] {
        assert_eq!(code(&test(r#""status""#, op, r#""paid""#)), "filter/operator", "{op}");
    }
    assert_eq!(code(&test(r#""number""#, r#""contains""#, r#""A""#)), "filter/operator");
    assert_eq!(code(&test(r#""gift""#, r#""gt""#, "true")), "filter/operator");
    assert_eq!(code(&test(r#""id""#, r#""between""#, "[]")), "filter/operator");
}

#[test]
fn only_a_value_that_the_column_can_hold_is_one() {
    let wrong = [
        ("status", r#""lost""#),
        ("status", "3"),
        ("status", "null"),
        ("pieces", "true"),
        ("pieces", "1.5"),
        ("pieces", "1e3"),
        ("pieces", "9223372036854775808"),
        ("pieces", r#""9223372036854775808""#),
        ("pieces", r#"" 3""#),
        ("pieces", "[3]"),
        ("total", "1"),
        ("total", "1.5"),
        ("total", r#""1.00001""#),
        ("total", r#""1e2""#),
        ("total", r#""123456789012345""#),
        ("weight", r#""1""#),
        ("weight", "9007199254740993"),
        ("paid_on", r#""2024-02-30""#),
        ("paid_on", r#""2024-060""#),
        ("paid_on", r#""0999-01-01""#),
        ("placed_at", r#""2024-02-29""#),
        ("placed_at", r#""0999-12-31T23:59:59Z""#),
        ("gift", "1"),
        ("gift", r#""true""#),
        ("id", r#""7""#),
        ("number", r#""a\u0000b""#),
        ("views", "-1"),
        ("number", r#""123456789012345678901234567890123""#),
    ];
    for (field, value) in wrong {
        assert_eq!(code(&test(&format!("\"{field}\""), r#""eq""#, value)), "filter/type", "{field} = {value}");
    }
    assert_eq!(code(&test(r#""pieces""#, r#""between""#, "[1]")), "filter/type");
    assert_eq!(code(&test(r#""pieces""#, r#""in""#, "3")), "filter/type");
    assert_eq!(code(&test(r#""pieces""#, r#""in""#, "[null]")), "filter/type");
    assert_eq!(code(&test(r#""label""#, r#""contains""#, "3")), "filter/type");
    assert_eq!(code(&test(r#""pieces""#, r#""is_null""#, "true")), "filter/type");
    assert_eq!(code(r#"{"v":1,"where":{"field":"pieces","op":"eq"}}"#), "filter/type");
}

#[test]
fn what_is_no_such_json_is_refused() {
    let wrong = [
        "",
        "null",
        "[]",
        "{}",
        r#"{"v":1}"#,
        r#"{"where":{"all":[]}}"#,
        r#"{"v":2,"where":{"all":[]}}"#,
        r#"{"v":1,"where":{}}"#,
        r#"{"v":1,"where":{"all":[]}} x"#,
        r#"{"v":1,"v":1,"where":{"all":[]}}"#,
        r#"{"v":1,"where":{"all":[]},"where":{"any":[]}}"#,
        r#"{"v":1,"where":{"all":[],"any":[]}}"#,
        r#"{"v":1,"where":{"all":{}}}"#,
        r#"{"v":1,"where":{"xor":[]}}"#,
        r#"{"v":1,"where":{"all":[]},"limit":1}"#,
        r#"{"v":1,"where":{"field":"gift","field":"gift","op":"eq","value":true}}"#,
        r#"{"v":1,"where":{"field":"gift","op":"eq","value":true,"raw":"1=1"}}"#,
        r#"{"v":1,"where":{"field":"weight","op":"eq","value":NaN}}"#,
        r#"{"v":1,"where":{"field":"weight","op":"eq","value":1e400}}"#,
        r#"{"v":1,"where":{"field":"pieces","op":"in","value":[[1]]}}"#,
        r#"{"v":1,"where":{"field":"label","op":"eq","value":"\ud800"}}"#,
        r#"{"v":1,"where":{"field":"gift","op":"eq","value":{"$ne":1}}}"#,
        r#"{"v":1.0,"where":{"all":[]}}"#,
    ];
    for text in wrong {
        assert_eq!(code(text), "filter/syntax", "{text}");
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_built() {
    let deep = |levels: usize| {
        let (open, close) = (r#"{"not":"#.repeat(levels), "}".repeat(levels));
        format!(r#"{{"v":1,"where":{open}{{"all":[]}}{close}}}"#)
    };
    let policy = SpecPolicy::default();
    assert!(Spec::<Order>::from_json(&deep(14), &policy).is_ok());
    assert_eq!(code(&deep(16)), "filter/budget");
    let numbers = |count: usize| {
        (0..count).fold(String::new(), |mut list, number| {
            let _written = write!(list, "{}{number}", if number == 0 { "" } else { "," });
            list
        })
    };
    let within = test(r#""pieces""#, r#""in""#, &format!("[{}]", numbers(499)));
    assert!(Spec::<Order>::from_json(&within, &policy).is_ok());
    assert_eq!(code(&test(r#""pieces""#, r#""in""#, &format!("[{}]", numbers(500)))), "filter/budget");
    assert_eq!(code(&test(r#""label""#, r#""contains""#, &format!("\"{}\"", "a".repeat(257)))), "filter/budget");
    assert_eq!(code(&test(r#""number""#, r#""eq""#, &format!("\"{}\"", "a".repeat(1_025)))), "filter/budget");
    assert_eq!(code(&deep(100_000)), "filter/budget");
    assert_eq!(code(&"[".repeat(100_000)), "filter/budget");
    assert_eq!(code(&" ".repeat(10 * 1024 * 1024)), "filter/budget");
    let wide = SpecPolicy::default().max_bytes(1 << 20).max_depth(1_000);
    let error = Spec::<Order>::from_json(&deep(1_000), &wide).unwrap_err();
    assert_eq!(error.code(), "filter/budget", "no policy can let the stack run out");
}

#[test]
fn the_error_says_what_would_be_right() {
    let error = Spec::<Order>::from_json(&test(r#""status""#, r#""like""#, "1"), &SpecPolicy::default()).unwrap_err();
    assert_eq!(error.to_string(), r#"`status` has the operators eq, ne, same, not_same, in, not_in (op: "like")"#);
    let error = Spec::<Order>::from_json(&test(r#""pieces""#, r#""eq""#, "1.5"), &SpecPolicy::default()).unwrap_err();
    let reason = "a whole number is wanted, and this is a number with a fraction";
    assert_eq!(error.to_string(), format!("the value for `eq` of `pieces` does not fit (reason: {reason})"));
}
