//! A projection.

use bailiwick::{
    BoxError, Command, Event, Projection, ReadModel, Recorded, Transaction, aggregate,
    envelope::StoredEvent,
    event::{EventSpec, read_stored},
    projection,
    projection::Mode,
    testing,
};
use serde::{Deserialize, Serialize};

use super::No;

const WRITTEN: ReadModel<u64> = ReadModel::new("written");
const BY_HAND: ReadModel<u64> = ReadModel::new("by_hand");

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "order.paid")]
struct Paid {
    cents: u64,
}

#[derive(Command, Clone)]
struct Pay {
    #[target]
    order: String,
    cents: u64,
}

#[derive(Default)]
struct Order;

#[aggregate(name = "order", id = String, event = Paid, error = No)]
impl Order {
    #[handle(create_if_missing)]
    fn pay(&self, command: Pay) -> Result<Paid, No> {
        Ok(Paid { cents: command.cents })
    }

    #[apply]
    fn paid(&mut self, _event: &Paid) {}
}

struct Written;

#[projection(name = "written", version = 2, inline)]
impl Written {
    #[project]
    async fn paid(&self, event: &Recorded<Paid>, tx: &mut Transaction) -> Result<(), No> {
        if event.cents == 13 {
            return Err(No);
        }
        let cents = event.cents;
        tx.update(WRITTEN, "all", move |sum| *sum += cents);
        Ok(())
    }
}

struct ByHand;

impl Projection for ByHand {
    const NAME: &'static str = "by_hand";
    const VERSION: u32 = 2;
    const MODE: Mode = Mode::Inline;
    const EVENTS: &'static [&'static [EventSpec]] = &[Paid::SPECS];

    async fn project(&self, event: &StoredEvent, tx: &mut Transaction) -> Result<(), BoxError> {
        if let Some(event) = read_stored::<Paid>(event)? {
            if event.cents == 13 {
                return Err(No.into());
            }
            let cents = event.cents;
            tx.update(BY_HAND, "all", move |sum| *sum += cents);
        }
        Ok(())
    }
}

async fn facts<P: Projection>(projection: P, sum: ReadModel<u64>) -> Vec<String> {
    let app = testing::app().aggregate::<Order>().projection(projection).build().await;
    let mut seen = vec![format!("{} {:?} {}", P::VERSION, P::MODE, P::reads("order.paid"))];
    for cents in [4, 13, 5] {
        let answer = app.send(Pay { order: "o-1".into(), cents }).await;
        seen.push(format!("{:?}", answer.map_err(|error| error.runtime().map(bailiwick::Error::code))));
        seen.push(format!("{:?}", app.read(sum).get("all").await.unwrap()));
    }
    seen
}

#[tokio::test]
async fn projections() {
    assert_eq!(facts(Written, WRITTEN).await, facts(ByHand, BY_HAND).await);
}
