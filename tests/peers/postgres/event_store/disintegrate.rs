//! disintegrate with disintegrate-postgres.

use disintegrate::{
    Decision, Event, EventSourcedStateStore, EventStore as _, LoadState as _, NoSnapshot, StateMutate, StateQuery,
    query, serde::json::Json,
};
use disintegrate_postgres::{
    Error, PgDecisionMaker, PgEventId, PgEventStore, PgSnapshotter, WithPgSnapshot, decision_maker,
};
use serde::{Deserialize, Serialize};
use sqlx_08::Row as _;

use super::{
    super::{
        accounts::{AccountError, AccountEvent, deposited},
        postgres::database::Schema,
        work::{BEFORE, SAVED, TAIL},
    },
    pool,
    sides::{Peer, Saving},
};

/// The event of the other sides, and the account in it, by which it is found.
#[derive(Debug, Clone, PartialEq, Eq, Event, Serialize, Deserialize)]
#[stream(Deposits, [Deposited])]
enum Domain {
    Deposited {
        #[id]
        account: String,
        cents: u64,
        reference: String,
        branch: String,
        note: String,
    },
}

fn deposit(account: &str) -> Domain {
    let AccountEvent::Deposited { cents, reference, branch, note } = deposited(1);
    Domain::Deposited { account: account.into(), cents, reference, branch, note }
}

#[derive(Default, Clone, StateQuery, Serialize, Deserialize)]
#[state_query(Deposits)]
struct Balance {
    #[id]
    account: String,
    cents: u64,
}

impl Balance {
    fn of(account: &str) -> Self {
        Self { account: account.into(), cents: 0 }
    }
}

impl StateMutate for Balance {
    fn mutate(&mut self, event: Deposits) {
        let Deposits::Deposited { cents, .. } = event;
        self.cents += cents;
    }
}

/// A command.
struct Deposit(String);

impl Decision for Deposit {
    type Event = Domain;
    type StateQuery = Balance;
    type Error = AccountError;

    fn state_query(&self) -> Balance {
        Balance::of(&self.0)
    }

    fn process(&self, state: &Balance) -> Result<Vec<Domain>, AccountError> {
        assert_eq!(state.cents, BEFORE.unsigned_abs());
        Ok(vec![deposit(&self.0)])
    }
}

type Events = PgEventStore<Domain, Json<Domain>>;

type States<S> = EventSourcedStateStore<PgEventId, Domain, Events, S>;

/// The decision maker for commands, what it stands on for what is no command.
pub struct Store {
    commands: PgDecisionMaker<Domain, Json<Domain>, NoSnapshot>,
    states: States<NoSnapshot>,
    saving: States<WithPgSnapshot>,
    events: Events,
}

fn name(account: u64) -> String {
    format!("account-{account}")
}

impl Peer for Store {
    const NAME: &'static str = "disintegrate";
    const COUNT: &'static str = "SELECT count(*) FROM event";

    async fn open(schema: &Schema, connections: u32) -> Self {
        migrate(schema).await;
        let pool = pool::sqlx_08(schema, connections).await;
        let events = Events::new_uninitialized(pool.clone(), Json::default());
        let states = States::new(events.clone(), NoSnapshot);
        let snapshots = PgSnapshotter::try_new(pool, SAVED.unsigned_abs() - 1).await.unwrap();
        let saving = States::new(events.clone(), WithPgSnapshot::new(snapshots));
        Self { commands: decision_maker(events.clone(), NoSnapshot), states, saving, events }
    }

    /// Told of a conflict, a caller begins anew, as the documentation says; writers of other streams cause them, too.
    async fn append(&self, account: u64, events: i64) -> u64 {
        let account = name(account);
        loop {
            let new = (0..events).map(|_| deposit(&account)).collect();
            match self.events.append(new, query!(Domain; account == account), 0).await {
                Ok(stored) => return stored.len() as u64,
                Err(error) if conflict(&error) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    async fn deposit(&self, account: u64) -> u64 {
        self.commands.make(Deposit(name(account))).await.unwrap().len() as u64
    }

    async fn load(&self, account: u64) -> u64 {
        self.states.load(Balance::of(&name(account))).await.unwrap().state().cents
    }
}

/// A load stores a snapshot where it has applied so many events.
impl Saving for Store {
    const SNAPSHOTS: &'static str = "SELECT count(*) FROM snapshot";

    async fn save(&self) {
        self.append(1, SAVED).await;
        let version = self.saving.load(Balance::of(&name(1))).await.unwrap().version();
        let (account, tail) = (name(1), (0..TAIL).map(|_| deposit(&name(1))).collect());
        self.events.append(tail, query!(Domain; account == account), version).await.unwrap();
    }

    async fn load_saved(&self) -> u64 {
        self.saving.load(Balance::of(&name(1))).await.unwrap().state().cents
    }
}

fn conflict(error: &Error) -> bool {
    match error {
        Error::Concurrency => true,
        Error::Database(sqlx_08::Error::Database(error)) => error.code().as_deref() == Some("40001"),
        _ => false,
    }
}

/// Its own tables and functions. One function has a hexadecimal literal, which PostgreSQL reads from 16 on: where it is older
/// the function is made unchecked and then again with the same number in decimal digits.
async fn migrate(schema: &Schema) {
    let pool = pool::sqlx_08(schema, 1).await;
    pool::run(&pool, "SET check_function_bodies = off").await;
    let _: Events = Events::try_new(pool.clone(), Json::default()).await.unwrap();
    let function = sqlx_08::query("SELECT pg_get_functiondef('event_store_begin_epoch'::regproc)");
    let definition: String = function.fetch_one(&pool).await.unwrap().get(0);
    assert!(definition.contains("0xFFFFFFFF"));
    pool::run(&pool, &definition.replace("0xFFFFFFFF", "4294967295")).await;
    pool.close().await;
}
