//! Expansions of `#[derive(Command)]`, and what it does with faulty input.

use super::{Command, args};
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const SMALLEST: &str = "struct CloseRoom;";

const EVERY_OPTION: &str = r#"
    #[command(name = "room.rename", crate = ::bw)]
    pub struct RenameRoom<T: Clone + Send + Sync + 'static> {
        #[target] pub room: RoomId,
        #[audit(redact)] pub note: Option<T>,
        #[audit(redact)] #[serde(rename = "phone-number")] pub phone: String,
    }
"#;

const FAULTY: &str = r#"
    #[command(nme = "room.rename", crate = bw)]
    #[serde(rename_all = "camelCase")]
    struct RenameRoom {
        #[target] room: RoomId,
        #[target(id)] other: RoomId,
        #[audit(redacted)] a: String,
        #[audit(redact)] b: String,
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Command>("", SMALLEST));
}

#[test]
fn every_option() {
    insta::assert_snapshot!(expand::<Command>("", EVERY_OPTION));
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<Command>("", FAULTY));
}

#[test]
fn unparsable() {
    assert!(errors::<Command>("", "struct A { b: }")[0].contains("expected"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, EVERY_OPTION, FAULTY] {
        survives_deletions::<Command>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<Command>("", EVERY_OPTION);
}

#[test]
fn the_page_has_every_option() {
    page_has_options(include_str!("../docs/command_derive.md"), &[&args::STRUCT, &args::AUDIT]);
}

#[test]
fn what_is_hidden_is_named_as_serde_writes_it() {
    let named = |words: &str| {
        let item = format!(
            "#[serde({words})] struct Open {{ #[audit(redact)] #[serde(rename(serialize = \"co-de\"))] code: u8 }}"
        );
        expand::<Command>("", &item).contains("REDACTED: &'static [&'static str] = &[\"co-de\"]")
    };
    assert!(named("rename_all = \"camelCase\"") && named("deny_unknown_fields"));
    assert!(!named("into = \"Other\"") && !named("transparent"));
}

#[test]
fn a_field_whose_written_name_is_not_known_cannot_be_hidden() {
    for field in ["#[serde(flatten)] code: u8", "#[serde(flatten, rename = \"a\")] code: u8"] {
        let errors = errors::<Command>("", &format!("struct Open {{ #[audit(redact)] {field} }}"));
        assert!(errors.len() == 1 && errors[0].contains("cannot be hidden"), "{errors:#?}");
    }
    assert_eq!(errors::<Command>("", "struct Open(#[audit(redact)] u8);").len(), 1);
}
