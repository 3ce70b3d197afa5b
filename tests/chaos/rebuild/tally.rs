//! Two projections that make the same of each event, and what a plain fold of the log makes of it.

use std::collections::BTreeMap;

use bailiwick::{App, BoxError, Position, ReadModel, Recorded, Transaction, event::read_stored, projection};
use serde::{Deserialize, Serialize};
use tests::bank::{Account, AccountEvent, deposit, open};

/// What is known of an account; of all together under `all`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub events: u64,
    /// Depends on the order of the events.
    pub digest: u64,
}

impl Line {
    fn add(&mut self, version: u64) {
        self.events += 1;
        self.digest = self.digest.wrapping_mul(31).wrapping_add(version);
    }
}

pub const TALLY: ReadModel<Line> = ReadModel::new("tally");
pub const INLINE: ReadModel<Line> = ReadModel::new("inline_tally");
/// A model that the projection once wrote.
pub const FORMER: ReadModel<u64> = ReadModel::new("former_tally");

fn count(model: ReadModel<Line>, event: &Recorded<AccountEvent>, tx: &mut Transaction) {
    let origin = event.origin().unwrap();
    let version = origin.version.get();
    tx.update(model, origin.stream.id(), move |line| line.add(version));
    tx.update(model, "all", move |line| line.events += 1);
}

pub struct Tally;

#[projection(name = "tally", version = 1)]
impl Tally {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tokio::task::yield_now().await; // one more await at which a rebuild is dropped
        count(TALLY, event, tx);
        Ok(())
    }
}

pub struct InlineTally;

#[projection(name = "inline_tally", version = 1, inline)]
impl InlineTally {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        count(INLINE, event, tx);
        Ok(())
    }
}

/// Opens accounts and pays into them.
pub async fn fill(app: &App, accounts: u64, deposits: u64) {
    for account in 0..accounts {
        let account = account.to_string();
        app.send(open(&account)).await.unwrap();
        for cents in 1..=deposits {
            app.send(deposit(&account, cents)).await.unwrap();
        }
    }
}

/// The rows of a model, after asserting that they are those of one moment.
pub async fn rows(app: &App, model: ReadModel<Line>) -> BTreeMap<String, Line> {
    let rows: BTreeMap<String, Line> = app.read(model).all().await.unwrap().into_iter().collect();
    let all = rows.get("all").map_or(0, |line| line.events);
    let each: u64 = rows.iter().filter(|(key, _)| *key != "all").map(|(_, line)| line.events).sum();
    assert_eq!(all, each, "half a model: {rows:?}");
    rows
}

/// What both models must hold.
pub async fn fold(app: &App) -> BTreeMap<String, Line> {
    let mut rows: BTreeMap<String, Line> = BTreeMap::new();
    for event in app.store().read(Position::START, usize::MAX).await.unwrap() {
        assert!(read_stored::<AccountEvent>(&event).unwrap().is_some());
        rows.entry(event.stream.id().to_owned()).or_default().add(event.version.get());
        rows.entry("all".to_owned()).or_default().events += 1;
    }
    rows
}

/// Asserts that both models are what the log says, and that nothing is left of former generations.
pub async fn judge(app: &App) {
    let (fold, tally, inline) = (fold(app).await, rows(app, TALLY).await, rows(app, INLINE).await);
    assert_eq!(inline, fold, "the inline projection");
    assert_eq!(tally, fold, "the asynchronous projection");
    assert_eq!(app.read(FORMER).all().await.unwrap(), Vec::new());
    let account = app.load::<Account>("0").await.unwrap();
    assert_eq!(fold["0"].events, account.version().get());
}
