//! Expansions, reviewed as code; and what survives.

use super::Aggregate;
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const OPTIONS: &str = "name = \"account\", id = String, event = AccountEvent, error = AccountError";

const ACCOUNT: &str = r#"
    impl Account {
        #[handle(create)]
        fn open(command: Open) -> Result<AccountEvent, AccountError> { Ok(AccountEvent::Opened) }
        /// Pays in.
        #[handle]
        fn deposit(&self, command: Deposit) -> Result<Vec<AccountEvent>, AccountError> { Ok(vec![]) }
        #[cfg(feature = "closing")]
        #[bailiwick::roles::handle(create_if_missing)]
        fn close(&self, command: Close) -> Result<Option<AccountEvent>, AccountError> { Ok(None) }
        #[apply(Opened)]
        fn on_opened(&mut self, owner: &str, bank: Bank) { self.owner = owner.into() }
        #[apply(Deposited)]
        #[apply(PaidIn)]
        fn on_deposited(&mut self, cents: &u64) {}
        #[cfg(feature = "closing")]
        #[apply(Closed)]
        fn on_closed(&mut self) {}
        fn helper(&self) -> Self { todo!() }
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Aggregate>(OPTIONS, "impl Account {}"));
}

#[test]
fn whole() {
    let options = "name = \"account\", id = Id, event = Events<u8>, error = Error, snapshot(every = 100, version = 3), crate = ::bw";
    insta::assert_snapshot!(expand::<Aggregate>(options, ACCOUNT));
}

#[test]
fn entity() {
    let options = format!("{OPTIONS}, persist = entity, state(version = 2, from = older)");
    insta::assert_snapshot!(expand::<Aggregate>(&options, "impl Account {}"));
}

#[test]
fn struct_event() {
    let item = "impl Counter { #[apply] fn counted(&mut self, event: &Counted) { self.0 += event.by } }";
    insta::assert_snapshot!(expand::<Aggregate>(OPTIONS, item));
}

#[test]
fn faulty() {
    let item = r#"impl Account {
        #[handle] async fn deposit(&mut self, command: Deposit) -> u8 { 0 }
        #[apply(Opened)] fn a(&self) {}
        #[apply(Opened)] fn b(&mut self) {}
    }"#;
    insta::assert_snapshot!(expand::<Aggregate>("nam = \"account\", id = String, event = E, error = F", item));
}

#[test]
fn half_typed() {
    insta::assert_snapshot!(expand::<Aggregate>(
        OPTIONS,
        "impl Account { #[apply(Opened)] fn a(&mut self) { self. } }"
    ));
}

#[test]
fn unparsable() {
    insta::assert_snapshot!(expand::<Aggregate>(OPTIONS, "impl Account { #[handle] fn fn a(&self) {} fn b() {} }"));
}

#[test]
fn every_token_may_be_missing() {
    survives_deletions::<Aggregate>(OPTIONS, ACCOUNT);
}

#[test]
fn the_same_tokens_give_the_same_output() {
    is_idempotent::<Aggregate>(OPTIONS, ACCOUNT);
}

#[test]
fn a_sound_block_has_no_errors() {
    assert_eq!(errors::<Aggregate>(OPTIONS, ACCOUNT), Vec::<String>::new());
}

#[test]
fn the_page_lists_the_options() {
    page_has_options(include_str!("../docs/aggregate.md"), &[&super::args::GRAMMAR, &super::args::STATE]);
}
