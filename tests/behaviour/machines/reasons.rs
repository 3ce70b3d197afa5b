//! The reason that a caller gives.

use super::order::{Order, OrderStatus};

use bailiwick::{State, TransitionLog, state_machine};

#[test]
fn a_reason_is_told_to_hooks_and_recorded() {
    let mut order = Order::loaded(OrderStatus::Pending);
    order.cancel("changed my mind").unwrap();
    assert_eq!(order.log.records()[0].reason(), Some("changed my mind"));
    assert_eq!(order.notes.take().last().map(String::as_str), Some("cancel Some(\"changed my mind\")"));
}

#[test]
fn a_long_reason_is_cut_at_four_thousand_characters() {
    let mut order = Order::loaded(OrderStatus::Pending);
    order.cancel(&"ä".repeat(5_000)).unwrap();
    let reason = order.log.records()[0].reason().unwrap().to_owned();
    assert!(reason.chars().count() <= 4_000, "{}", reason.chars().count());
    assert!(reason.ends_with("ä…"));
    let mut order = Order::loaded(OrderStatus::Pending);
    order.cancel(&"ä".repeat(4_000)).unwrap();
    assert_eq!(order.log.records()[0].reason(), Some(&*"ä".repeat(4_000)));
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Door {
    #[state(initial)]
    Open,
    Closed,
}

struct Gate {
    door: Door,
    log: TransitionLog,
}

#[state_machine(states = Door, field = door, log = log)]
impl Gate {
    #[transition(Open => Closed)]
    fn close(&mut self, #[reason] why: Option<&str>) {}

    #[transition(Closed => Open)]
    fn open(&mut self, times: u8, #[reason] why: Option<String>) -> Option<String> {
        why.filter(|_| times > 0)
    }
}

#[test]
fn a_reason_may_be_left_out() {
    let mut gate = Gate { door: Door::INITIAL, log: TransitionLog::new() };
    gate.close(None).unwrap();
    assert_eq!(gate.open(1, Some("visitors".into())), Ok(Some("visitors".into())));
    gate.close(Some("rain")).unwrap();
    let reasons: Vec<Option<&str>> = gate.log.records().iter().map(|record| record.reason()).collect();
    assert_eq!(reasons, [None, Some("visitors"), Some("rain")]);
}
