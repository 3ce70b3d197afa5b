//! What the unit tests of an aggregate that is stored as its state find.

use std::panic::catch_unwind;

use bailiwick::{App, Command, Event, aggregate, testing::GivenWhenThen};
use serde::{Deserialize, Serialize};

use crate::delivery::FaultyStore;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum TankEvent {
    #[event(name = "tank.filled")]
    Filled { litres: u32 },
}

#[derive(Command, Debug, Clone)]
struct Fill {
    #[target]
    tank: String,
    litres: u32,
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("it would run over")]
struct Full;

/// It forgets a field, and has no mean before the first filling.
#[derive(Default, Debug, Serialize, Deserialize)]
struct Tank {
    litres: u32,
    mean: f64,
    #[serde(skip)]
    fillings: u32,
}

#[aggregate(name = "tank", id = String, event = TankEvent, error = Full, persist = entity)]
impl Tank {
    #[handle(create_if_missing)]
    fn fill(&self, command: Fill) -> Result<TankEvent, Full> {
        if self.fillings > 1 { Err(Full) } else { Ok(TankEvent::Filled { litres: command.litres }) }
    }

    #[apply(Filled)]
    fn on_filled(&mut self, litres: u32) {
        self.litres += litres;
        self.fillings += 1;
        self.mean = if litres == 0 { f64::NAN } else { f64::from(self.litres) / f64::from(self.fillings) };
    }
}

/// The same category in a program that keeps events.
#[derive(Default, Debug)]
struct Logged {
    litres: u32,
}

#[aggregate(name = "tank", id = String, event = TankEvent, error = Full)]
impl Logged {
    #[handle(create_if_missing)]
    fn fill(&self, command: Pour) -> Result<TankEvent, Full> {
        Ok(TankEvent::Filled { litres: command.litres })
    }

    #[apply(Filled)]
    fn on_filled(&mut self, litres: u32) {
        self.litres += litres;
    }
}

#[derive(Command, Debug, Clone)]
struct Pour {
    #[target]
    tank: String,
    litres: u32,
}

fn filled(litres: u32) -> TankEvent {
    TankEvent::Filled { litres }
}

fn fill(litres: u32) -> Fill {
    Fill { tank: "t".into(), litres }
}

#[test]
fn a_field_that_is_not_stored_is_lost_in_the_test_too() {
    let tank = Tank::given([filled(1), filled(1), filled(1)]).when(fill(5)).then([filled(5)]);
    assert_eq!((tank.litres, tank.fillings, tank.version().get()), (8, 0, 4), "it forgot that it is full");
}

#[test]
fn a_state_that_cannot_be_read_again_fails_in_the_test() {
    let past = catch_unwind(|| Tank::given([filled(0)]).when(fill(1)).then([filled(1)]));
    let outcome = catch_unwind(|| Tank::given([]).when(fill(0)).then([filled(0)]));
    for panic in [past.map(drop), outcome.map(drop)] {
        let text = panic.unwrap_err().downcast::<String>().unwrap();
        assert!(text.starts_with("the state of `tank` cannot be stored and read again"), "{text}");
    }
}

#[tokio::test]
async fn an_aggregate_that_is_adopted_between_two_reads_is_found() {
    let store = FaultyStore::new();
    let old = App::builder().any_store(store.any()).aggregate::<Logged>().build().await.unwrap();
    let app = App::builder().any_store(store.any()).aggregate::<Tank>().build().await.unwrap();
    for tank in ["loaded", "filled"] {
        old.send(Pour { tank: tank.into(), litres: 4 }).await.unwrap();
    }
    let adopter = app.clone();
    store.before_load(async move { assert!(adopter.adopt::<Tank>("loaded").await.unwrap()) });
    let tank = app.load::<Tank>("loaded").await.unwrap();
    assert_eq!((tank.litres, tank.version().get()), (4, 1));
    let adopter = app.clone();
    store.before_load(async move { assert!(adopter.adopt::<Tank>("filled").await.unwrap()) });
    app.send(Fill { tank: "filled".into(), litres: 1 }).await.unwrap();
    assert_eq!(app.load::<Tank>("filled").await.unwrap().litres, 5);
}
