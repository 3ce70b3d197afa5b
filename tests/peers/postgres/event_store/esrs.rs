//! esrs.

use bailiwick::Uuid;
use esrs::{
    Aggregate, AggregateState,
    manager::AggregateManager,
    store::{
        EventStore as _,
        postgres::{PgStore, PgStoreBuilder},
    },
};

use super::{
    super::{
        accounts::{AccountError, AccountEvent, deposited},
        postgres::database::Schema,
        work::BEFORE,
    },
    pool,
    sides::Peer,
};

struct Account;

impl Aggregate for Account {
    const NAME: &'static str = "account";
    type State = u64;
    type Command = u64;
    type Event = AccountEvent;
    type Error = AccountError;

    fn handle_command(state: &u64, cents: u64) -> Result<Vec<AccountEvent>, AccountError> {
        assert_eq!(*state, BEFORE.unsigned_abs());
        Ok(vec![deposited(cents)])
    }

    fn apply_event(state: u64, event: AccountEvent) -> u64 {
        let AccountEvent::Deposited { cents, .. } = event;
        state + cents
    }
}

/// The manager for commands, and the store below it for what is no command.
pub struct Store {
    commands: AggregateManager<PgStore<Account>>,
    store: PgStore<Account>,
}

fn id(account: u64) -> Uuid {
    Uuid::from_u128(account.into())
}

impl Peer for Store {
    const NAME: &'static str = "esrs";
    const COUNT: &'static str = "SELECT count(*) FROM account_events";

    async fn open(schema: &Schema, connections: u32) -> Self {
        let pool = pool::sqlx_08(schema, connections).await;
        let store = PgStoreBuilder::new(pool).try_build().await.unwrap();
        Self { commands: AggregateManager::new(store.clone()), store }
    }

    async fn append(&self, account: u64, events: i64) -> u64 {
        let events = (0..events).map(|_| deposited(1)).collect();
        self.store.persist(&mut AggregateState::with_id(id(account)), events).await.unwrap().len() as u64
    }

    async fn deposit(&self, account: u64) -> u64 {
        let state = self.commands.load(id(account)).await.unwrap().unwrap();
        let _balance = self.commands.handle_command(state, 1).await.unwrap().unwrap();
        1
    }

    async fn load(&self, account: u64) -> u64 {
        self.commands.load(id(account)).await.unwrap().unwrap().into_inner()
    }
}
