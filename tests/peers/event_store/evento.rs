//! evento, over its executor for PostgreSQL.

use bailiwick::Event as _;
use evento::{
    Executor, Postgres, Projection, ProjectionAggregate as _,
    metadata::Event,
    migrator::{Migrate as _, Plan},
};

use super::{
    super::{
        accounts::{AccountEvent, SPEC, deposited},
        postgres::{command::BEFORE, database::Schema},
    },
    Peer, pool,
};

/// evento writes events as bitcode; for the same bytes as the other sides the one field is their JSON.
#[evento::aggregate(name = "account")]
pub enum Deposits {
    Deposited { json: String },
}

/// Without snapshots: what is measured reads the events.
#[evento::projection(id = id)]
#[evento::snapshot(none)]
pub struct Balance {
    pub id: String,
    pub cents: u64,
}

#[evento::handler]
async fn on_deposited(event: Event<Deposited>, balance: &mut Balance) -> anyhow::Result<()> {
    let AccountEvent::Deposited { cents, .. } =
        AccountEvent::decode(SPEC.name, SPEC.version, event.data.json.as_bytes()).unwrap();
    balance.id = event.aggregate_id.to_owned();
    balance.cents += cents;
    Ok(())
}

fn projection<E: Executor>() -> Projection<E, Balance> {
    Projection::new::<Deposits>().handler(on_deposited()).strict()
}

fn event() -> Deposited {
    Deposited { json: String::from_utf8(deposited(1).encode().unwrap()).unwrap() }
}

/// The executor.
pub struct Store(Postgres);

impl Store {
    async fn balance(&self, account: u64) -> Balance {
        projection().load(format!("account-{account}")).execute(&self.0).await.unwrap().unwrap()
    }
}

impl Peer for Store {
    const NAME: &'static str = "evento";
    const COUNT: &'static str = "SELECT count(*) FROM event";

    async fn open(schema: &Schema, connections: u32) -> Self {
        let pool = pool::sqlx_09(schema, connections).await;
        let mut connection = pool.acquire().await.unwrap();
        let migrations = evento::sql_migrator::new::<sqlx::Postgres>().unwrap();
        migrations.run(&mut *connection, &Plan::apply_all()).await.unwrap();
        drop(connection);
        Self(pool.into())
    }

    async fn append(&self, account: u64, events: i64) -> u64 {
        let mut stream = evento::append(format!("account-{account}"));
        for _ in 0..events {
            stream.event(&event());
        }
        stream.commit(&self.0).await.unwrap();
        events.unsigned_abs()
    }

    async fn deposit(&self, account: u64) -> u64 {
        let balance = self.balance(account).await;
        assert_eq!(balance.cents, BEFORE.unsigned_abs());
        balance.write().unwrap().event(&event()).commit(&self.0).await.unwrap();
        1
    }

    async fn load(&self, account: u64) -> u64 {
        self.balance(account).await.cents
    }
}
