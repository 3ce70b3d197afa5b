//! That the suites can fail: adapters that break one promise each, and the cases that must say so.

mod broker;
mod flaws;
mod generations;
mod keys;
mod reads;
mod store;
mod tenants;
mod writes;

use std::{collections::BTreeSet, time::Duration};

use bailiwick::{
    bus::{AnyBroker, MemoryBroker},
    store::AnyStore,
    testing::conformance::{self, BrokerSubject},
};

use self::{
    broker::{BROKER_FLAWS, BrokerFlaw, ToyBroker},
    flaws::FLAWS,
};
pub use self::{flaws::Flaw, store::Toy};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_toy_without_a_flaw_keeps_the_contract() {
    conformance::store(|| async { AnyStore::new(Toy::new(Flaw::Nothing)) }).await;
    conformance::broker(|| async { toy(BrokerFlaw::Nothing).patience(Duration::from_secs(10)) }).await;
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

/// A broker with a flaw, in a hurry.
fn toy(flaw: BrokerFlaw) -> BrokerSubject {
    let broker = MemoryBroker::new().with_timeout(Duration::from_millis(500));
    broker.refuse(|message| message.envelope.name == "conformance.poison");
    BrokerSubject::new(AnyBroker::new(ToyBroker::new(flaw, broker)))
        .refuses(|message| message.envelope.name = "conformance.poison".into())
        .patience(Duration::from_millis(400))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flaw_of_a_broker_is_named_by_its_cases() {
    let flaws = BROKER_FLAWS.iter().map(|(flaw, cases)| async move {
        let mut blind = Vec::new();
        for case in conformance::broker_cases().iter().filter(|case| cases.contains(&case.name())) {
            if case.run(toy(*flaw)).await.is_ok() {
                blind.push(format!("{flaw:?} was not seen by {case:?}"));
            }
        }
        blind
    });
    let wrong = futures_util::future::join_all(flaws).await.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_case_for_brokers_has_a_flaw_that_it_names() {
    let reached: BTreeSet<&str> = BROKER_FLAWS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    let all: BTreeSet<&str> = conformance::broker_cases().iter().map(|case| case.name()).collect();
    assert_eq!(reached, all);
}
