//! Transitions called by their names, with the fields of a JSON object.

use std::error::Error;

use bailiwick::{State, TransitionError, state_machine, state_machine::TriggerError};
use serde_json::json;

use super::random::drive::Turn;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Shipped,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Payment {
    cents: u64,
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Item {
    sku: String,
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("declined")]
struct Declined;

struct Order {
    status: Status,
    paid: u64,
    notes: Vec<String>,
}

#[state_machine(states = Status, field = status, trigger)]
impl Order {
    #[transition(Pending if enough => Paid)]
    fn pay(&mut self, payment: &Payment, card: String) -> Result<u64, Declined> {
        if card == "stolen" {
            return Err(Declined);
        }
        self.paid = payment.cents;
        Ok(self.paid)
    }

    #[transition(Paid => Shipped)]
    async fn ship(&mut self) {
        Turn::default().await;
    }

    #[transition(_ => _)]
    fn annotate(&mut self, #[reason] note: Option<&str>) {
        self.notes.extend(note.map(str::to_owned));
    }

    #[transition(_ => _, no_trigger)]
    fn audit(&mut self, each: impl Fn(&str)) {
        self.notes.iter().for_each(|note| each(note));
    }

    fn enough(&self, payment: &Payment, card: &str) -> bool {
        payment.cents >= 100 && !card.is_empty()
    }
}

fn order() -> Order {
    Order { status: Status::INITIAL, paid: 0, notes: Vec::new() }
}

#[tokio::test]
async fn a_transition_is_called_by_its_name() {
    let mut order = order();
    order.trigger("pay", json!({ "payment": { "cents": 100 }, "card": "good" })).await.unwrap();
    order.trigger("annotate", json!({ "note": "by hand" })).await.unwrap();
    order.trigger("annotate", json!({})).await.unwrap();
    order.trigger("ship", json!({})).await.unwrap();
    assert_eq!((order.status, order.paid, &*order.notes), (Status::Shipped, 100, &["by hand".to_owned()][..]));
}

#[tokio::test]
async fn a_name_that_is_none_is_told_with_the_nearest() {
    let mut order = order();
    let error = order.trigger("shp", json!({})).await.unwrap_err();
    assert_eq!(error.code(), "order/unknown_transition");
    let TriggerError::Unknown(unknown) = error else { panic!("{error:?}") };
    assert_eq!((unknown.name(), unknown.nearest()), ("shp", Some("ship")));
    let error = order.trigger("audit", json!({})).await.unwrap_err();
    let TriggerError::Unknown(unknown) = error else { panic!("{error:?}") };
    assert_eq!(unknown.known(), ["pay", "ship", "annotate"], "one that may not be called so is not known");
}

#[tokio::test]
async fn arguments_that_do_not_fit_are_told_by_their_place() {
    let mut order = order();
    let error = order.trigger("pay", json!({ "payment": { "cents": "many" }, "card": "good" })).await.unwrap_err();
    assert_eq!(error.code(), "order/bad_arguments");
    let TriggerError::Arguments(bad) = error else { panic!("{error:?}") };
    assert_eq!((bad.path(), bad.message()), ("payment.cents", "invalid type: string \"many\", expected u64"));
    let items = json!([{ "sku": "a" }, { "sku": "b" }, { "sku": 3 }]);
    let given = json!({ "payment": { "cents": 100, "items": items }, "card": "good" });
    let error = order.trigger("pay", given).await.unwrap_err();
    assert!(error.to_string().starts_with("argument `payment.items[2].sku`: invalid type"), "{error}");
    let error = order.trigger("pay", json!({ "payment": { "cents": 1 } })).await.unwrap_err();
    let TriggerError::Arguments(bad) = error else { panic!("{error:?}") };
    assert_eq!(bad.path(), "card");
    assert_eq!(order.status, Status::Pending);
}

#[tokio::test]
async fn a_refusal_is_the_one_of_the_transition() {
    let mut order = order();
    let error = order.trigger("ship", json!({})).await.unwrap_err();
    assert_eq!(error.code(), "order/invalid_transition");
    let pay = |cents: u32, card: &str| json!({ "payment": { "cents": cents }, "card": card });
    let error = order.trigger("pay", pay(99, "good")).await.unwrap_err();
    assert_eq!(error.to_string(), "guard `enough` refused `pay` from `pending`");
    let error = order.trigger("pay", pay(100, "stolen")).await.unwrap_err();
    assert_eq!(error.to_string(), "declined");
    assert_eq!(error.source().and_then(<dyn Error>::downcast_ref), Some(&Declined));
    assert!(matches!(error, TriggerError::Refused(TransitionError::Action(_))));
    assert_eq!(order.status, Status::Pending);
    let whole = bailiwick::Error::from(error);
    assert_eq!((whole.code(), whole.cause()), ("state_machine/action_failed", Some(&Declined)));
}
