//! cqrs-es with postgres-es.

use cqrs_es::{
    Aggregate, DomainEvent, EventStore as _,
    event_sink::EventSink,
    persist::{EventStoreAggregateContext, PersistedEventStore},
};
use postgres_es::{PostgresCqrs, PostgresEventRepository, postgres_cqrs};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        accounts::{AccountError, AccountEvent, deposited},
        postgres::database::Schema,
        work::{BEFORE, SAVED, TAIL},
    },
    pool,
    sides::{Peer, Saving},
};

/// The tables of `db/init.sql`.
const TABLES: &str = "CREATE TABLE events (
    aggregate_type text NOT NULL, aggregate_id text NOT NULL, sequence bigint CHECK (sequence >= 0) NOT NULL,
    event_type text NOT NULL, event_version text NOT NULL, payload json NOT NULL, metadata json NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence));
CREATE TABLE snapshots (
    aggregate_type text NOT NULL, aggregate_id text NOT NULL, last_sequence bigint CHECK (last_sequence >= 0) NOT NULL,
    current_snapshot bigint CHECK (current_snapshot >= 0) NOT NULL, payload json NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, last_sequence))";

#[derive(Default, Serialize, Deserialize)]
struct Account {
    cents: u64,
}

impl DomainEvent for AccountEvent {
    fn event_type(&self) -> String {
        "account.deposited".into()
    }

    fn event_version(&self) -> String {
        "1".into()
    }
}

impl Aggregate for Account {
    const TYPE: &'static str = "account";
    type Command = u64;
    type Event = AccountEvent;
    type Error = AccountError;
    type Services = ();

    async fn handle(&mut self, cents: u64, (): &(), sink: &EventSink<Self>) -> Result<(), AccountError> {
        assert_eq!(self.cents, BEFORE.unsigned_abs());
        sink.write(deposited(cents), self).await;
        Ok(())
    }

    fn apply(&mut self, event: AccountEvent) {
        let AccountEvent::Deposited { cents, .. } = event;
        self.cents += cents;
    }
}

type Events = PersistedEventStore<PostgresEventRepository, Account>;

/// The framework for commands, and the stores below it for what is no command.
pub struct Store {
    commands: PostgresCqrs<Account>,
    store: Events,
    saving: Events,
}

impl Peer for Store {
    const NAME: &'static str = "cqrs-es";
    const COUNT: &'static str = "SELECT count(*) FROM events";

    async fn open(schema: &Schema, connections: u32) -> Self {
        let pool = pool::sqlx_08(schema, connections).await;
        pool::run(&pool, TABLES).await;
        let store = Events::new_event_store(PostgresEventRepository::new(pool.clone()));
        let size = usize::try_from(SAVED).unwrap();
        let saving = Events::new_snapshot_store(PostgresEventRepository::new(pool.clone()), size);
        Self { commands: postgres_cqrs(pool, Vec::new(), ()), store, saving }
    }

    async fn append(&self, account: u64, events: i64) -> u64 {
        commit(&self.store, new(account), events).await
    }

    async fn deposit(&self, account: u64) -> u64 {
        self.commands.execute(&format!("account-{account}"), 1).await.unwrap();
        1
    }

    async fn load(&self, account: u64) -> u64 {
        self.store.load_aggregate(&format!("account-{account}")).await.unwrap().aggregate.cents
    }
}

impl Saving for Store {
    const SNAPSHOTS: &'static str = "SELECT count(*) FROM snapshots";

    async fn save(&self) {
        commit(&self.saving, new(1), SAVED).await;
        let context = self.saving.load_aggregate("account-1").await.unwrap();
        assert_eq!(context.current_snapshot, Some(1));
        commit(&self.saving, context, TAIL).await;
    }

    async fn load_saved(&self) -> u64 {
        self.saving.load_aggregate("account-1").await.unwrap().aggregate.cents
    }
}

type Context = EventStoreAggregateContext<Account>;

/// What a load of an account without events gives.
fn new(account: u64) -> Context {
    let aggregate_id = format!("account-{account}");
    Context { aggregate_id, aggregate: Account::default(), current_sequence: 0, current_snapshot: None }
}

async fn commit(store: &Events, context: Context, events: i64) -> u64 {
    let events = (0..events).map(|_| deposited(1)).collect();
    store.commit(events, context, Default::default()).await.unwrap().len() as u64
}
