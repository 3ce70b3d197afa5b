//! Expansions, reviewed as code; and what survives.

use super::Command;
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const OPTIONS: &str = "name = \"order.rename\", audit, timeout = \"2s\", retry = 5, crate = ::bw";

const RENAME: &str = r#"
    impl<T: Clone> RenameOrder<T> where T: Send {
        #[validate]
        fn check(&self) -> Result<(), OrderError> { Ok(()) }
        #[authorize]
        async fn allowed(&self, actor: &Actor) -> bool { true }
        #[execute]
        async fn execute(&self, cx: &mut Context) -> Result<Renamed, OrderError> { Ok(Renamed) }
        #[cfg(feature = "undo")]
        #[undo]
        async fn take_back(&self, done: &Renamed, cx: &mut Context) -> Result<(), OrderError> { Ok(()) }
        fn helper(&self) -> Self { todo!() }
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Command>("", "impl RenameOrder {}"));
}

#[test]
fn checks_only() {
    let item = r#"impl Open {
        #[validate] fn check(&self) -> Result<(), E> { Ok(()) }
        #[authorize] fn allowed(&self, actor: &Actor) -> bool { true }
    }"#;
    insta::assert_snapshot!(expand::<Command>("", item));
}

#[test]
fn synchronous() {
    let item = r#"impl Ping {
        #[execute] fn run(&self) -> io::Result<u8> { Ok(1) }
        #[undo] fn back(&self, done: &u8) -> io::Result<()> { Ok(()) }
    }"#;
    insta::assert_snapshot!(expand::<Command>("", item));
}

#[test]
fn whole() {
    insta::assert_snapshot!(expand::<Command>(OPTIONS, RENAME));
}

#[test]
fn faulty() {
    let item = r#"impl RenameOrder {
        #[validate] async fn check(&self, cx: &Context) -> bool { true }
        #[authorize(all)] fn allowed(&self) {}
        #[execute] fn execute(self) -> Result<Renamed, OrderError> { Ok(Renamed) }
        #[undo] fn undo(&self, done: &Moved) -> Result<u8, OrderError> { Ok(1) }
    }"#;
    insta::assert_snapshot!(expand::<Command>("timeout = \"60\", retries = 5", item));
}

#[test]
fn half_typed() {
    insta::assert_snapshot!(expand::<Command>("", "impl A { #[execute] fn a(&self) -> Result<u8, E> { self. } }"));
}

#[test]
fn unparsable() {
    insta::assert_snapshot!(expand::<Command>("", "impl A { #[execute] fn fn a(&self) {} fn b() {} }"));
}

#[test]
fn every_token_may_be_missing() {
    survives_deletions::<Command>(OPTIONS, RENAME);
}

#[test]
fn the_same_tokens_give_the_same_output() {
    is_idempotent::<Command>(OPTIONS, RENAME);
}

#[test]
fn a_sound_block_has_no_errors() {
    assert_eq!(errors::<Command>(OPTIONS, RENAME), Vec::<String>::new());
}

#[test]
fn undo_needs_execute() {
    let item = "impl A { #[undo] fn a(&self, done: &u8) -> Result<(), E> { Ok(()) } }";
    assert_eq!(errors::<Command>("", item).len(), 1);
}

#[test]
fn the_page_lists_the_options() {
    page_has_options(include_str!("../docs/command.md"), &[&super::args::GRAMMAR]);
}
