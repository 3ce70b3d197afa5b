//! Expansions, reviewed as code; and what survives.

use super::Projection;
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const OPTIONS: &str = "name = \"revenue_by_month\", version = 2, inline, crate = ::bw";

const REVENUE: &str = r#"
    impl<T: Send + Sync> RevenueByMonth<T> where T: 'static {
        #[project]
        async fn paid(&self, event: &Recorded<OrderPaid>, tx: &mut Transaction) -> Result<(), Error> { Ok(()) }
        #[cfg(feature = "refunds")]
        #[project]
        fn refunded(&self, event: &Recorded<OrderEvent>, tx: &mut Transaction) -> Result<(), Error> { Ok(()) }
        fn helper(&self) {}
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Projection>("name = \"a\", version = 1", "impl A {}"));
}

#[test]
fn whole() {
    insta::assert_snapshot!(expand::<Projection>(OPTIONS, REVENUE));
}

#[test]
fn parks() {
    insta::assert_snapshot!(expand::<Projection>("name = \"a\", version = 1, park_after = 5", "impl A {}"));
}

#[test]
fn an_inline_projection_parks_nothing() {
    let found = errors::<Projection>("name = \"a\", version = 1, inline, park_after = 5", "impl A {}");
    assert!(found.len() == 2 && found[0].contains("exclude each other"), "{found:?}");
}

#[test]
fn faulty() {
    let item = r#"impl A {
        #[project] fn a(&mut self, event: &OrderPaid) {}
        #[project] fn b(&self, event: &Recorded<B>, tx: Transaction, more: u8) -> Result<u8, E> { Ok(1) }
    }"#;
    insta::assert_snapshot!(expand::<Projection>("inlined", item));
}

#[test]
fn half_typed() {
    let item = "impl A { #[project] fn a(&self, e: &Recorded<E>, tx: &mut Transaction) -> Result<(), E> { self. } }";
    insta::assert_snapshot!(expand::<Projection>(OPTIONS, item));
}

#[test]
fn unparsable() {
    insta::assert_snapshot!(expand::<Projection>(OPTIONS, "impl A { #[project] fn fn a(&self) {} fn b() {} }"));
}

#[test]
fn every_token_may_be_missing() {
    survives_deletions::<Projection>(OPTIONS, REVENUE);
}

#[test]
fn the_same_tokens_give_the_same_output() {
    is_idempotent::<Projection>(OPTIONS, REVENUE);
}

#[test]
fn a_sound_block_has_no_errors() {
    assert_eq!(errors::<Projection>(OPTIONS, REVENUE), Vec::<String>::new());
}

#[test]
fn the_page_lists_the_options() {
    page_has_options(include_str!("../docs/projection.md"), &[&super::args::GRAMMAR]);
}
