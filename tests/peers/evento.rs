//! evento, over its executor for any database.

use std::time::Duration;

use bailiwick::Event as _;
use evento::{Executor, Projection, ProjectionAggregate as _, cursor::Value, metadata::Event, sql::Sql};
use sqlx::Database;

use super::{
    super::{
        accounts::{AccountEvent, SPEC, deposited},
        work::{BEFORE, SAVED, TAIL},
    },
    Place,
    sides::{Peer, Saving},
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
    balance.id = event.aggregate_id.to_owned();
    balance.cents += cents(&event.data);
    Ok(())
}

/// With snapshots in the store.
#[evento::projection(name = "saved", bitcode::Encode, bitcode::Decode)]
pub struct Saved {
    pub cents: u64,
}

#[evento::handler]
async fn on_deposited_saved(event: Event<Deposited>, saved: &mut Saved) -> anyhow::Result<()> {
    saved.cents += cents(&event.data);
    Ok(())
}

fn cents(deposited: &Deposited) -> u64 {
    let AccountEvent::Deposited { cents, .. } =
        AccountEvent::decode(SPEC.name, SPEC.version, deposited.json.as_bytes()).unwrap();
    cents
}

fn event() -> Deposited {
    Deposited { json: String::from_utf8(deposited(1).encode().unwrap()).unwrap() }
}

fn name(account: u64) -> String {
    format!("account-{account}")
}

/// How an executor is made for a place.
pub trait Open: Executor + Sized {
    /// The name of the side.
    const NAME: &'static str;

    /// Over so many connections, with the tables of evento's own migrations.
    async fn open(place: &Place, connections: u32) -> Self;
}

/// An executor.
pub struct Store<E>(E);

impl<E: Executor> Store<E> {
    async fn balance(&self, account: u64) -> Balance {
        let projection = Projection::new::<Deposits>().handler(on_deposited()).strict();
        projection.load(name(account)).execute(&self.0).await.unwrap().unwrap()
    }
}

impl<E: Open> Peer for Store<E> {
    const NAME: &'static str = E::NAME;
    const COUNT: &'static str = "SELECT count(*) FROM event";

    async fn open(place: &Place, connections: u32) -> Self {
        Self(E::open(place, connections).await)
    }

    async fn append(&self, account: u64, events: i64) -> u64 {
        let mut stream = evento::append(name(account));
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

/// A load stores a snapshot of the events that are older than the executor's margin, a second unless it is told another. To
/// keep the tail out, as it is kept out in the second after it was written, those that load have an hour.
impl<DB: Database> Saving for Store<Sql<DB>>
where
    Sql<DB>: Open,
{
    const SNAPSHOTS: &'static str = "SELECT count(*) FROM snapshot";

    async fn save(&self) {
        self.append(1, SAVED).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(self.saved(Duration::ZERO).await, SAVED.unsigned_abs());
        let before = self.stored().await;
        let mut tail = evento::append(name(1));
        tail.original_version(u16::try_from(SAVED).unwrap());
        for _ in 0..TAIL {
            tail.event(&event());
        }
        tail.commit(&self.0).await.unwrap();
        self.load_saved().await;
        assert_eq!(self.stored().await, before);
    }

    async fn load_saved(&self) -> u64 {
        self.saved(Duration::from_secs(3_600)).await
    }
}

impl<DB: Database> Store<Sql<DB>>
where
    Sql<DB>: Executor,
{
    async fn saved(&self, margin: Duration) -> u64 {
        let executor = self.0.clone().stable_margin(margin);
        let projection = Projection::new::<Deposits>().handler(on_deposited_saved()).strict();
        let saved: Option<Saved> = projection.load(name(1)).execute(&executor).await.unwrap();
        saved.unwrap().cents
    }

    /// The snapshot and its place in the events.
    async fn stored(&self) -> (Vec<u8>, Value) {
        let [aggregate, projection, revision] = ["account", "saved", "0"].map(String::from);
        let stored = self.0.get_snapshot(String::new(), aggregate, projection, revision, name(1));
        stored.await.unwrap().unwrap()
    }
}
