//! Expansions of `#[derive(State)]`, and what it does with faulty input.

use super::{State, args};
use crate::testing::{
    errors, expand, is_idempotent, is_the_same_in_another_process, page_has_options, survives_deletions,
};

const SMALLEST: &str = "enum Light { #[state(initial)] Off, #[state(terminal)] Broken }";

const EVERY_OPTION: &str = r#"
    #[state(rename_all = "kebab-case", unknown = Lost, crate = ::bw)]
    #[state(skip(Display, FromStr))]
    pub enum OrderStatus {
        #[state(initial)]
        Pending = 4,
        #[state(external, name = "in transit", alias = "sent", alias = "gone")]
        r#InTransit,
        #[state(terminal)]
        Lost = 1,
    }
"#;

const CYCLIC: &str = r#"
    #[state(cyclic, unknown = error, skip(Serialize, Deserialize))]
    enum Light<const N: usize> { On, #[state(initial)] Off }
"#;

const NO_END: &str = "enum Light { #[state(initial)] Off, On }";

const FAULTY: &str = r#"
    #[state(unknown = Lst, skip(Displai))]
    enum OrderStatus {
        #[state(alias = "lost")]
        Pending { since: u8 },
        #[state(initial, terminal)]
        Paid,
        #[state(initial = 3)]
        Lost,
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<State>("", SMALLEST));
}

#[test]
fn every_option() {
    insta::assert_snapshot!(expand::<State>("", EVERY_OPTION));
}

#[test]
fn cyclic() {
    insta::assert_snapshot!(expand::<State>("", CYCLIC));
}

#[test]
fn no_end() {
    let text = expand::<State>("", NO_END);
    insta::assert_snapshot!(text.rsplit_once("#[deprecated").unwrap().1);
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<State>("", FAULTY));
}

#[test]
fn unparsable() {
    assert!(errors::<State>("", "enum A { B: }")[0].contains("expected"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, EVERY_OPTION, CYCLIC, NO_END, FAULTY] {
        survives_deletions::<State>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<State>("", EVERY_OPTION);
}

#[test]
fn another_process_writes_the_same() {
    let (every, faulty) = (expand::<State>("", EVERY_OPTION), expand::<State>("", FAULTY));
    is_the_same_in_another_process("state::tests::another_process_writes_the_same", &(every + &faulty));
}

#[test]
fn the_page_has_every_option() {
    let page = include_str!("../docs/state.md");
    page_has_options(page, &[&args::VARIANT, &args::ENUM, &args::SKIPPED]);
}

#[test]
fn without_a_variant_that_can_be_a_state_nothing_is_written() {
    assert_eq!(errors::<State>("", "enum A {}").len(), 1);
    let text = expand::<State>("", "enum A { B(u8) }");
    assert!(!text.contains("impl") && text.contains("BW0121"), "{text}");
}
