//! That the suites can fail: adapters that break one promise each, and the cases that must say so.

mod flaws;
mod reads;
mod store;
mod writes;

use std::collections::BTreeSet;

use bailiwick::{AnyStore, testing::conformance};

use self::{
    flaws::{FLAWS, Flaw},
    store::Toy,
};

/// Runs the named cases on toys with the flaw, and says which of them passed.
async fn blind(flaw: Flaw, cases: &[&'static str]) -> Vec<&'static str> {
    let mut blind = Vec::new();
    for case in conformance::store_cases().iter().filter(|case| cases.contains(&case.name())) {
        let store = AnyStore::new(Toy::new(flaw));
        store.migrate().await.unwrap();
        if case.run(store).await.is_ok() {
            blind.push(case.name());
        }
    }
    blind
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flaw_of_a_store_is_named_by_its_cases() {
    let mut wrong = Vec::new();
    for (flaw, cases) in FLAWS {
        let blind = blind(*flaw, cases).await;
        if !blind.is_empty() {
            wrong.push(format!("{flaw:?} was not seen by {blind:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_report_names_the_case() {
    let report = conformance::check_store(|| async { AnyStore::new(Toy::new(Flaw::ForgetsRemoval)) }).await;
    let failed: Vec<_> = report.failed().iter().map(|(name, _)| *name).collect();
    assert_eq!(failed, ["messages::published_rows_are_gone"]);
    assert_eq!(report.passed().len() + 1, conformance::store_cases().len());
    let text = report.to_string();
    assert!(text.starts_with("1 of ") && text.contains("\n  messages::published_rows_are_gone: the rows"), "{text}");
}

#[tokio::test]
#[should_panic(expected = "messages::published_rows_are_gone")]
async fn a_store_with_a_flaw_ends_the_test() {
    conformance::store(|| async { AnyStore::new(Toy::new(Flaw::ForgetsRemoval)) }).await;
}

#[test]
fn each_case_for_stores_has_a_flaw_that_it_names() {
    let reached: BTreeSet<&str> = FLAWS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    let all: BTreeSet<&str> = conformance::store_cases().iter().map(|case| case.name()).collect();
    let unknown: Vec<_> = reached.difference(&all).collect();
    assert!(unknown.is_empty(), "cases that do not exist: {unknown:?}");
    let missing: Vec<_> = all.difference(&reached).collect();
    assert!(missing.is_empty(), "cases that no flaw reaches: {missing:?}");
}
