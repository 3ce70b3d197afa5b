//! Expansions of `#[derive(Id)]`, and what it does with faulty input.

use super::{Id, args};
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const SMALLEST: &str = "struct RoomId(u64);";

const EVERY_OPTION: &str = "#[id(crate = ::bw)] pub struct RoomId(pub bailiwick::Uuid);";

const TEXT: &str = "pub(crate) struct RoomId(String);";

const FAULTY: &str = "#[id(crat = ::bw)] struct RoomId<T>(Vec<T>);";

#[test]
fn text() {
    insta::assert_snapshot!(expand::<Id>("", TEXT));
}

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Id>("", SMALLEST));
}

#[test]
fn every_option() {
    insta::assert_snapshot!(expand::<Id>("", EVERY_OPTION));
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<Id>("", FAULTY));
}

#[test]
fn unparsable() {
    assert!(errors::<Id>("", "struct A { b: }")[0].contains("expected"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, EVERY_OPTION, FAULTY] {
        survives_deletions::<Id>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<Id>("", EVERY_OPTION);
}

#[test]
fn the_page_has_every_option() {
    page_has_options(include_str!("../docs/id.md"), &[&args::STRUCT]);
}
