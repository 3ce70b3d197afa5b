//! Expansions of `#[derive(ValueObject)]`, and what it does with faulty input.

use super::{ValueObject, args};
use crate::testing::{
    errors, expand, is_idempotent, is_the_same_in_another_process, page_has_options, survives_deletions,
};

const SMALLEST: &str = "#[value(check = is_email)] struct Email(String);";

const EVERY_OPTION: &str = r#"
    #[value(check = Self::in_order, crate = ::bw)]
    #[serde(rename_all = "camelCase")]
    pub struct Period<T: Ord> where T: Clone { first_day: T, #[serde(default)] last_day: T }
"#;

const GENERIC_NEWTYPE: &str = "#[value(check = not_empty)] struct Seats<T>(Vec<T>);";

const FAULTY: &str = r#"
    #[value(chek = is_email)]
    struct Period { pub from: u32, pub(crate) to: u32, name: &'static str }
"#;

#[test]
fn generic_newtype() {
    insta::assert_snapshot!(expand::<ValueObject>("", GENERIC_NEWTYPE));
}

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<ValueObject>("", SMALLEST));
}

#[test]
fn every_option() {
    insta::assert_snapshot!(expand::<ValueObject>("", EVERY_OPTION));
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<ValueObject>("", FAULTY));
}

#[test]
fn unparsable() {
    assert!(errors::<ValueObject>("", "struct A { b: }")[0].contains("expected"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, EVERY_OPTION, FAULTY] {
        survives_deletions::<ValueObject>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<ValueObject>("", EVERY_OPTION);
}

#[test]
fn the_page_has_every_option() {
    page_has_options(include_str!("../docs/value_object.md"), &[&args::STRUCT]);
}

#[test]
fn another_process_writes_the_same() {
    let (every, faulty) = (expand::<ValueObject>("", EVERY_OPTION), expand::<ValueObject>("", FAULTY));
    is_the_same_in_another_process("value_object::tests::another_process_writes_the_same", &(every + &faulty));
}
