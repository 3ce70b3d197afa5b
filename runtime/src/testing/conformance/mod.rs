//! The conformance suites: what an adapter must pass to be called one.
//!
//! A suite is a list of [cases](Case), each a promise of a port's contract. Each case gets an adapter of its own from a
//! factory: an empty database, a broker that nobody has used. To test an adapter, write one test:
//!
//! ```
//! use bailiwick::{store::{MemoryStore, AnyStore}, testing::conformance};
//!
//! # let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
//! # runtime.block_on(async {
//! conformance::store(|| async { AnyStore::new(MemoryStore::new()) }).await;
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The suites need a Tokio runtime with time, best one of several threads, and an adapter whose leases go by real time.
//! That the suites can fail is itself tested: for each case there is an adapter that breaks just this promise.

mod broker;
mod case;
mod keys;
mod repository;
mod samples;
mod store;

use std::future::Future;

pub use broker::{BrokerSubject, broker_cases};
pub use case::{Case, Failure, Outcome, Report};
pub use keys::{KeysSubject, keys_cases};
pub use repository::repository_cases;
pub use store::store_cases;

use crate::{repository::Db, store::AnyStore};

/// Holds every promise of [the contract of stores](crate::store) against fresh, empty stores of the factory.
///
/// # Panics
/// If a case fails, with the names of all that do.
pub async fn store<F, Fut>(factory: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = AnyStore>,
{
    check_store(factory).await.assert_passed();
}

/// As [`store()`], but answers what came of the cases.
pub async fn check_store<F, Fut>(mut factory: F) -> Report
where
    F: FnMut() -> Fut,
    Fut: Future<Output = AnyStore>,
{
    let mut report = Report::default();
    for case in store_cases() {
        let store = factory().await;
        let outcome = match store.migrate().await {
            Ok(()) => case.run(store.clone()).await,
            Err(error) => Err(error.into()),
        };
        report.add(case.name(), outcome);
        let _ = store.close().await; // the case is over, whatever it answers
    }
    report
}

/// Holds every promise of [the contract of brokers](crate::bus::broker) against fresh brokers of the factory.
///
/// # Panics
/// If a case fails, with the names of all that do.
pub async fn broker<F, Fut>(factory: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = BrokerSubject>,
{
    check_broker(factory).await.assert_passed();
}

/// As [`broker()`], but answers what came of the cases.
pub async fn check_broker<F, Fut>(mut factory: F) -> Report
where
    F: FnMut() -> Fut,
    Fut: Future<Output = BrokerSubject>,
{
    let mut report = Report::default();
    for case in broker_cases() {
        let subject = factory().await;
        report.add(case.name(), case.run(subject.clone()).await);
        subject.end().await;
    }
    report
}

/// Holds every promise of [the contract of key stores](crate::sensitive::KeyStore) against fresh, empty ones of the factory.
///
/// # Panics
/// If a case fails, with the names of all that do.
pub async fn keys<F, Fut>(factory: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = KeysSubject>,
{
    check_keys(factory).await.assert_passed();
}

/// As [`keys()`], but answers what came of the cases.
pub async fn check_keys<F, Fut>(mut factory: F) -> Report
where
    F: FnMut() -> Fut,
    Fut: Future<Output = KeysSubject>,
{
    let mut report = Report::default();
    for case in keys_cases() {
        report.add(case.name(), case.run(factory().await).await);
    }
    report
}

/// Holds what [repositories](crate::repository) promise against fresh databases of the factory: single rows, tenants, units of work, and
/// about 1,400 conditions and 12,000 pages by chance, which find what the same rows in memory do. It makes one table,
/// `conformance_parcel`.
///
/// Databases are ours, so this is for a server, a version or settings of your own.
///
/// ```no_run
/// use bailiwick::{repository::Db, testing::conformance};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// conformance::repositories(|| async { Db::memory() }).await;
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
/// If a case fails, with the names of all that do.
pub async fn repositories<F, Fut>(factory: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Db>,
{
    check_repositories(factory).await.assert_passed();
}

/// As [`repositories()`], but answers what came of the cases.
pub async fn check_repositories<F, Fut>(mut factory: F) -> Report
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Db>,
{
    let mut report = Report::default();
    for case in repository_cases() {
        let db = factory().await;
        let outcome = match db.migrate(repository::tables()).await {
            Ok(()) => case.run(db.clone()).await,
            Err(error) => Err(error.into()),
        };
        report.add(case.name(), outcome);
        let _ = db.close().await; // the case is over, whatever it answers
    }
    report
}
