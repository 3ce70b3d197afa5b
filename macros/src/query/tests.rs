//! Expansions of `#[derive(Query)]`, and what it does with faulty input.

use super::{Query, args};
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const SMALLEST: &str = "struct FreeRooms;";

const EVERY_OPTION: &str = r#"
    #[query(name = "room.free", output = HashMap<RoomId, u32>, crate = "::bw")]
    pub struct FreeRooms<T> where T: Send + Sync + 'static { pub building: T }
"#;

const FAULTY: &str = r#"
    #[query(output = , name = "room free", name = "room.free")]
    struct FreeRooms<'a> { building: &'a str }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Query>("", SMALLEST));
}

#[test]
fn every_option() {
    insta::assert_snapshot!(expand::<Query>("", EVERY_OPTION));
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<Query>("", FAULTY));
}

#[test]
fn unparsable() {
    assert!(errors::<Query>("", "struct A { b: }")[0].contains("expected"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, EVERY_OPTION, FAULTY] {
        survives_deletions::<Query>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<Query>("", EVERY_OPTION);
}

#[test]
fn the_page_has_every_option() {
    page_has_options(include_str!("../docs/query.md"), &[&args::STRUCT]);
}
