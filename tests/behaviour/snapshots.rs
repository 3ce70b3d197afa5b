//! A stored state that no longer fits its type is folded anew, whatever serde would make of it.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use bailiwick::{
    Aggregate, Clock, Event, Version, aggregate,
    bus::Bus,
    envelope::{Metadata, StreamId},
    sql::SqliteStore,
    store::{AnyStore, Commit, Load, Snapshot},
    unit_of_work::Units,
};
use serde::{Deserialize, Serialize};
use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "account.deposited")]
pub struct Deposited {
    cents: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
pub struct No;

/// A version of the program: its `Account`, and how it folds a deposit.
macro_rules! program {
    ($name:ident, version = $version:literal, { $($item:item)* }, |$account:ident, $cents:ident| $fold:expr) => {
        mod $name {
            use super::{aggregate, Deposited, Deserialize, No, Serialize};

            $(#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize)] $item)*

            #[aggregate(
                name = "account", id = String, event = Deposited, error = No, snapshot(every = 2, version = $version)
            )]
            impl Account {
                #[apply]
                fn on_deposited(&mut self, event: &Deposited) {
                    let ($account, $cents) = (self, event.cents);
                    $fold
                }
            }
        }
    };
}

program! { first, version = 1, {
    pub struct Account { cents: u64, count: u32, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large }
}, |account, cents| {
    let kind = if cents > 2 { Kind::Large } else { Kind::Small };
    *account = Account { cents: account.cents + cents, count: account.count + 1, last: Deposit { cents, kind } };
} }

program! { field_added, version = 1, {
    pub struct Account { cents: u64, count: u32, last: Deposit, #[serde(default)] largest: u64 }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large }
}, |account, cents| account.largest = account.largest.max(cents) }

program! { field_renamed, version = 1, {
    pub struct Account { #[serde(default)] balance: u64, count: u32, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large }
}, |account, cents| account.balance += cents }

program! { field_removed, version = 1, {
    pub struct Account { cents: u64, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large }
}, |account, cents| account.cents += 2 * cents }

program! { field_retyped, version = 1, {
    pub struct Account { cents: u64, count: String, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large }
}, |account, _cents| account.count.push('i') }

program! { nested_changed, version = 1, {
    pub struct Account { cents: u64, count: u32, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind, #[serde(default)] doubled: u64 }
    pub enum Kind { #[default] Small, Large }
}, |account, cents| account.last.doubled = 2 * cents }

program! { variant_added, version = 1, {
    pub struct Account { cents: u64, count: u32, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large, Huge }
}, |account, cents| account.last.kind = if cents > 0 { Kind::Huge } else { Kind::Small } }

program! { fold_changed, version = 2, {
    pub struct Account { cents: u64, count: u32, last: Deposit }
    pub struct Deposit { cents: u64, kind: Kind }
    pub enum Kind { #[default] Small, Large }
}, |account, cents| account.cents += 100 * cents }

program! { reordered, version = 1, {
    pub enum Sort { #[default] Small, Large }
    pub struct Money { kind: Sort, cents: Cents }
    pub struct Account { last: Money, count: u32, cents: Cents }
    pub struct Cents(u64);
}, |account, cents| {
    let kind = if cents > 2 { Sort::Large } else { Sort::Small };
    account.last = Money { kind, cents: Cents(cents) };
    (account.cents, account.count) = (Cents(account.cents.0 + cents), account.count + 1);
} }

program! { flat, version = 1, {
    pub struct Account { cents: u64, #[serde(flatten)] rest: Rest }
    pub struct Rest { seen: std::collections::HashSet<u64>, by_cents: std::collections::BTreeMap<String, Part> }
    pub struct Part { count: u32 }
}, |account, cents| {
    account.cents += cents;
    account.rest.seen.extend([cents, 7 * cents]);
    account.rest.by_cents.entry(cents.to_string()).or_default().count += 1;
} }

program! { flat_field_added, version = 1, {
    pub struct Account { cents: u64, #[serde(flatten)] rest: Rest }
    pub struct Rest { seen: std::collections::HashSet<u64>, by_cents: std::collections::BTreeMap<String, Part> }
    pub struct Part { count: u32, #[serde(default)] sum: u64 }
}, |account, cents| account.rest.by_cents.entry(cents.to_string()).or_default().sum += cents }

const CENTS: [u64; 5] = [5, 1, 2, 1, 1];

/// A store whose stream was written, and its state stored at version 4, by a program.
async fn written_by<A: Aggregate<Id = String, Event = Deposited>>() -> (AnyStore, Units, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = AnyStore::new(SqliteStore::open(folder.path().join("bank.db")).unwrap());
    store.migrate().await.unwrap();
    let units = Units::new(store.clone(), Bus::new(), Clock::system());
    for cents in CENTS {
        let mut unit = units.begin(Metadata::default());
        let mut account = unit.load::<A>("a").await.unwrap();
        account.raise(Deposited { cents });
        unit.save(&mut account).unwrap();
        unit.commit().await.unwrap();
    }
    assert_eq!(found::<A>(&store).await, Some(Version::new(4)), "the program reads what it stored");
    (store, units, folder)
}

/// Where the snapshot stands that a program would begin with.
async fn found<A: Aggregate>(store: &AnyStore) -> Option<Version> {
    let schema = A::SNAPSHOT.unwrap().schema;
    let load = Load { snapshot: Some(schema()), ..Load::all(None, StreamId::new("account", "a").unwrap()) };
    store.load(load).await.unwrap().snapshot.map(|snapshot| snapshot.version)
}

fn folded<A: Aggregate<Event = Deposited>>() -> A {
    let mut state = A::default();
    CENTS.iter().for_each(|cents| state.apply(&Deposited { cents: *cents }));
    state
}

macro_rules! folded_anew {
    ($($test:ident: $program:ident;)*) => {
        $(#[tokio::test]
        async fn $test() {
            let (store, units, _folder) = written_by::<first::Account>().await;
            assert_eq!(found::<$program::Account>(&store).await, None, "the stored state does not count");
            let account = units.load_stored::<$program::Account>(None, "a".into()).await.unwrap();
            assert_eq!((account.state(), account.version()), (&folded(), Version::new(5)));
        })*
    };
}

folded_anew! {
    a_new_field_is_no_default: field_added;
    a_renamed_field_is_no_default: field_renamed;
    a_state_with_a_field_too_many_is_folded_anew: field_removed;
    a_field_of_another_type_is_folded_anew: field_retyped;
    a_new_field_further_in_is_no_default: nested_changed;
    a_new_variant_is_not_missed: variant_added;
    another_fold_needs_another_version: fold_changed;
}

#[tokio::test]
async fn what_json_does_not_show_keeps_a_snapshot() {
    let (store, units, _folder) = written_by::<first::Account>().await;
    assert_eq!(found::<reordered::Account>(&store).await, Some(Version::new(4)), "order, newtypes, names of types");
    let account = units.load_stored::<reordered::Account>(None, "a".into()).await.unwrap();
    assert_eq!(account.state(), &folded());
}

#[tokio::test]
async fn a_new_field_in_what_serde_hides_is_no_default() {
    let (store, units, _folder) = written_by::<flat::Account>().await;
    let schema = (flat::Account::SNAPSHOT.unwrap().schema)();
    let load = Load { snapshot: Some(schema), ..Load::all(None, StreamId::new("account", "a").unwrap()) };
    let state = store.load(load).await.unwrap().snapshot.unwrap().state;
    assert!((flat::Account::SNAPSHOT.unwrap().decode)(&state).is_ok(), "the same program reads what it stored");

    assert_eq!((flat_field_added::Account::SNAPSHOT.unwrap().schema)(), schema, "the shapes look alike");
    let error = (flat_field_added::Account::SNAPSHOT.unwrap().decode)(&state).unwrap_err();
    assert_eq!(error.code(), "snapshot/outgrown");
    let account = units.load_stored::<flat_field_added::Account>(None, "a".into()).await.unwrap();
    assert_eq!((account.state(), account.version()), (&folded(), Version::new(5)));
}

#[tokio::test]
async fn the_next_program_stores_its_own() {
    let (store, units, _folder) = written_by::<first::Account>().await;
    let mut unit = units.begin(Metadata::default());
    let mut account = unit.load::<field_added::Account>("a").await.unwrap();
    account.raise(Deposited { cents: 1 });
    unit.save(&mut account).unwrap();
    unit.commit().await.unwrap();
    assert_eq!(found::<field_added::Account>(&store).await, Some(Version::new(6)));
    assert_eq!(found::<first::Account>(&store).await, None);
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_read_is_passed_over() {
    let (store, units, _folder) = written_by::<first::Account>().await;
    let schema = (first::Account::SNAPSHOT.unwrap().schema)();
    let stream = StreamId::new("account", "a").unwrap();
    let broken = Snapshot { stream, version: Version::new(5), schema, state: b"{\"cents\":".to_vec() };
    store.commit(Commit { snapshots: vec![broken], ..Commit::default() }).await.unwrap();
    let warned = Arc::new(AtomicU32::new(0));
    // With one subscriber alone, a callsite that another test's thread meets first would be switched off for good.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(Warnings(Arc::clone(&warned))));
    let account = units.load_stored::<first::Account>(None, "a".into()).await.unwrap();
    drop(guard);
    assert_eq!((account.state(), account.version()), (&folded(), Version::new(5)));
    assert_eq!(warned.load(Ordering::SeqCst), 1);
}

/// Counts warnings.
struct Warnings(Arc<AtomicU32>);

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(u32::from(*event.metadata().level() == Level::WARN), Ordering::SeqCst);
    }
}
