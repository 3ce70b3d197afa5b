//! One unit of work that holds the same aggregate twice, and what follows its commit.

use std::sync::Arc;

use bailiwick::{
    App, Clock, Command, Context, Event, Position, ReadModel, Transaction, Version, aggregate, service,
    store::{AnyStore, CheckpointMove, Commit, DeadLetterChange, Fence, InboxMark, MemoryStore, UndoRecord},
    testing,
};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum TillEvent {
    #[event(name = "till.paid_out")]
    PaidOut { cents: u64 },
}

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct PayOut {
    #[target]
    till: String,
    cents: u64,
}

#[derive(Default, Debug, Clone, Serialize, Deserialize)]
struct Till {
    paid_out: u64,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum TillError {
    #[error("only 100 cents are in the till")]
    Empty,
    #[error("{0}")]
    Failed(&'static str),
}

impl From<bailiwick::Error> for TillError {
    fn from(error: bailiwick::Error) -> Self {
        Self::Failed(error.code())
    }
}

#[aggregate(name = "till", id = String, event = TillEvent, error = TillError)]
impl Till {
    #[handle(create_if_missing)]
    fn pay_out(&self, command: PayOut) -> Result<TillEvent, TillError> {
        if self.paid_out + command.cents > 100 {
            return Err(TillError::Empty);
        }
        Ok(TillEvent::PaidOut { cents: command.cents })
    }

    #[apply(PaidOut)]
    fn on_paid_out(&mut self, cents: &u64) {
        self.paid_out += cents;
    }
}

#[derive(Command, Debug, Clone)]
struct Stale;
#[derive(Command, Debug, Clone)]
struct InTurn;
#[derive(Command, Debug, Clone)]
struct ToAndFro;

#[derive(Command, Debug, Clone)]
struct Phantom;

struct Cashier;

#[service]
impl Cashier {
    #[handle]
    async fn stale(&self, _command: Stale, cx: &mut Context) -> Result<(), TillError> {
        let mut first = cx.load_or_new::<Till>("t-1").await?;
        let mut second = cx.load_or_new::<Till>("t-1").await?;
        for till in [&mut first, &mut second] {
            till.raise(TillEvent::PaidOut { cents: 80 });
        }
        cx.save(&mut first)?;
        cx.save(&mut second)?;
        Ok(())
    }

    #[handle]
    async fn phantom(&self, _command: Phantom, cx: &mut Context) -> Result<(), TillError> {
        let mut till = cx.load_or_new::<Till>("t-1").await?;
        let part: Result<(), TillError> = cx
            .savepoint(async |cx: &mut Context| {
                till.raise(TillEvent::PaidOut { cents: 60 });
                cx.save(&mut till)?;
                Err(TillError::Empty)
            })
            .await;
        assert_eq!(part, Err(TillError::Empty));
        assert_eq!(till.stored(), Version::new(2), "it counts what was rolled back");
        till.raise(TillEvent::PaidOut { cents: 60 });
        cx.save(&mut till)?;
        Ok(())
    }

    #[handle]
    async fn in_turn(&self, _command: InTurn, cx: &mut Context) -> Result<(), TillError> {
        for _ in 0..2 {
            let mut till = cx.load_or_new::<Till>("t-1").await?;
            till.raise(TillEvent::PaidOut { cents: 50 });
            cx.save(&mut till)?;
        }
        Ok(())
    }

    #[handle]
    async fn to_and_fro(&self, _command: ToAndFro, cx: &mut Context) -> Result<(), TillError> {
        for (till, cents) in [("t-1", 1), ("t-2", 2), ("t-1", 3), ("t-1", 4)] {
            let mut till = cx.load_or_new::<Till>(till).await?;
            till.raise(TillEvent::PaidOut { cents });
            cx.save(&mut till)?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_decision_on_a_state_that_the_same_unit_has_changed_is_a_conflict() {
    let app = testing::app().aggregate::<Till>().service(Cashier).build().await;
    let error = app.send(Stale).await.unwrap_err();
    assert!(error.runtime().is_some_and(bailiwick::Error::is_conflict), "{error:?}");
    assert!(app.load::<Till>("t-1").await.is_err_and(|error| error.is_not_found()));
}

#[tokio::test]
async fn an_aggregate_that_was_saved_in_a_rolled_back_part_cannot_be_saved_again() {
    let app = testing::app().aggregate::<Till>().service(Cashier).build().await;
    // Another writer appends exactly as much as was rolled back: the version alone would not tell.
    app.send(PayOut { till: "t-1".into(), cents: 60 }).await.unwrap();
    let error = app.send(Phantom).await.unwrap_err();
    assert!(error.runtime().is_some_and(bailiwick::Error::is_conflict), "{error:?}");
    assert_eq!(app.load::<Till>("t-1").await.unwrap().paid_out, 60);
}

#[tokio::test]
async fn decisions_in_turn_are_one_append() {
    let app = testing::app().aggregate::<Till>().service(Cashier).build().await;
    app.send(InTurn).await.unwrap();
    assert_eq!(app.load::<Till>("t-1").await.unwrap().paid_out, 100);
}

#[tokio::test]
async fn the_log_has_the_order_in_which_a_unit_saved() {
    let file = tempfile::tempdir().unwrap();
    for builder in [App::builder().memory(), App::builder().sqlite(file.path().join("till.db"))] {
        let app = builder.aggregate::<Till>().service(Cashier).build().await.unwrap();
        app.send(ToAndFro).await.unwrap();
        let log = app.store().read(Position::START, 10).await.unwrap();
        let log: Vec<_> = log.iter().map(|event| (event.stream.id().to_owned(), event.version)).collect();
        let expected = [("t-1", 1), ("t-2", 1), ("t-1", 2), ("t-1", 3)];
        assert_eq!(log, expected.map(|(till, version)| (till.to_owned(), Version::new(version))));
        app.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_observer_that_panics_changes_nothing() {
    let observer = Arc::new(|_: &bailiwick::Envelope| panic!("ours"));
    let app = App::builder().memory().observer(observer).aggregate::<Till>().build().await.unwrap();
    app.send(PayOut { till: "t-1".into(), cents: 5 }).await.unwrap();
    assert_eq!(app.load::<Till>("t-1").await.unwrap().paid_out, 5);
}

#[test]
fn a_savepoint_covers_everything_that_a_commit_can_hold() {
    let store = AnyStore::new(MemoryStore::new());
    let mut tx = Transaction::new(store, None);
    let mark = tx.mark();
    let (id, text) = (Clock::system().message_id(), String::from("x"));
    let commit = tx.staged_mut();
    commit.fences.push(Fence { resource: text.clone(), fence: 1 });
    commit.inbox.push(InboxMark { consumer: text.clone(), message: id, at: Clock::system().now() });
    commit.undone.push(UndoRecord { run: id, by: id });
    commit.checkpoints.push(CheckpointMove { name: text.clone(), from: None, to: Position::START });
    commit.dead.push(DeadLetterChange::Remove(1));
    commit.published.push(1);
    tx.put(ReadModel::new("x"), "x", &1).unwrap();
    tx.roll_back_to(mark);
    let Commit { fences, inbox, models, undone, checkpoints, dead, published, .. } = tx.into_commit();
    let left = [fences.len(), inbox.len(), models.len(), undone.len(), checkpoints.len(), dead.len(), published.len()];
    assert_eq!(left, [0; 7]);
}
