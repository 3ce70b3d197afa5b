//! One unit of work that holds the same aggregate twice.

use bailiwick::{Command, Context, Event, aggregate, service, testing};
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
    async fn in_turn(&self, _command: InTurn, cx: &mut Context) -> Result<(), TillError> {
        for _ in 0..2 {
            let mut till = cx.load_or_new::<Till>("t-1").await?;
            till.raise(TillEvent::PaidOut { cents: 50 });
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
async fn decisions_in_turn_are_one_append() {
    let app = testing::app().aggregate::<Till>().service(Cashier).build().await;
    app.send(InTurn).await.unwrap();
    assert_eq!(app.load::<Till>("t-1").await.unwrap().paid_out, 100);
}
