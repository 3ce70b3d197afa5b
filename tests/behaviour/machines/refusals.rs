//! What refuses a transition, what is said of it, and that nothing is left behind.

use bailiwick::{Error, State, TransitionError};

use super::{
    order::{Courier, Declined, OnStrike, Order, OrderStatus, OrderTransition, Payment, Receipt, Touch, cents},
    random::drive::poll,
};

/// Enough polls for any future here.
const READY: usize = 100;

#[test]
fn a_payment_too_small_is_refused_by_the_guard_and_leaves_all_as_it_was() {
    let mut order = Order::loaded(OrderStatus::Pending);
    let before = order.seen();
    let error = order.pay(&cents(99)).unwrap_err();
    let TransitionError::Guard(refused) = &error else { panic!("{error:?}") };
    let said = (refused.machine(), refused.transition(), refused.from(), refused.guard(), refused.reason());
    assert_eq!(said, ("Order", "pay", "pending", "covers_total", None));
    assert!(refused.others().is_empty());
    assert_eq!(error.to_string(), "guard `covers_total` refused `pay` from `pending`");
    assert_eq!(error.code(), "order/guard_failed");
    assert_eq!(order.notes.take(), ["covers_total"], "neither body nor hook");
    assert!(!order.can_pay(&cents(99)));
    assert_eq!(order.check_pay(&cents(99)).map_err(TransitionError::widen), Err(error));
    assert_eq!(order.seen(), before);
}

#[test]
fn a_payment_that_covers_the_order_is_taken() {
    let mut order = Order::loaded(OrderStatus::Pending);
    assert_eq!(order.check_pay(&cents(100)), Ok(OrderStatus::Paid));
    assert!(order.can_pay(&cents(100)));
    assert_eq!(order.status, OrderStatus::Pending, "asking changes nothing");
    assert_eq!(order.pay(&cents(100)), Ok(Receipt(100)));
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(order.version, 4, "the repository counts, not the machine");
    let [record] = order.log.records() else { panic!("{:?}", order.log) };
    let said = (record.machine(), record.transition(), record.from(), record.to());
    assert_eq!(said, ("Order", "pay", "pending", "paid"));
    assert_eq!((record.is_internal(), record.version(), record.reason()), (false, Some(4), None));
}

#[test]
fn a_guard_that_can_say_why_not_does() {
    let mut order = Order::loaded(OrderStatus::Paid);
    order.stock = 0;
    let error = poll(order.ship(&Courier), READY).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "guard `in_stock` refused `ship` from `paid`: out of stock");
    let TransitionError::Guard(refused) = error else { panic!("{error:?}") };
    assert_eq!(refused.reason(), Some("out of stock"));
}

#[test]
fn a_transition_that_does_not_start_here_says_from_where_it_does() {
    let mut order = Order::loaded(OrderStatus::Cancelled);
    let error = poll(order.ship(&Courier), READY).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "cannot `ship` from `cancelled`; possible from `paid`");
    assert_eq!(error.code(), "order/invalid_transition");
    let TransitionError::Illegal(illegal) = error else { panic!("{error:?}") };
    assert_eq!((illegal.machine(), illegal.transition(), illegal.from()), ("Order", "ship", "cancelled"));
    assert_eq!(order.cancel("twice").unwrap_err().to_string(), CANNOT_CANCEL);
    assert!(order.notes.take().is_empty());
}

const CANNOT_CANCEL: &str = "cannot `cancel` from `cancelled`; possible from `pending`, `paid`, `shipped`";

#[test]
fn the_second_guard_is_not_asked_when_the_first_says_no() {
    let mut order = Order::loaded(OrderStatus::Shipped);
    order.refundable = false;
    order.disputed = true;
    let error = order.cancel("late").unwrap_err();
    assert_eq!(error.to_string(), "guard `refundable` refused `cancel` from `shipped`");
    assert_eq!(order.notes.take(), ["refundable"]);
}

#[test]
fn the_guard_that_was_asked_last_is_named() {
    let mut order = Order::loaded(OrderStatus::Shipped);
    order.disputed = true;
    let error = order.cancel("late").unwrap_err();
    assert_eq!(error.to_string(), "guard `disputed` refused `cancel` from `shipped`");
    assert_eq!(order.notes.take(), ["refundable", "disputed"]);
    order.disputed = false;
    order.cancel("late").unwrap();
    assert_eq!(order.status, OrderStatus::Cancelled);
}

#[test]
fn a_body_that_fails_leaves_all_as_it_was_and_runs_no_hook() {
    let mut order = Order::loaded(OrderStatus::Pending);
    let before = order.seen();
    let error = order.pay(&Payment { cents: 100, card: "stolen" }).unwrap_err();
    assert_eq!(error, TransitionError::Action(Declined));
    assert_eq!(error.to_string(), "the card was declined");
    assert_eq!(order.notes.take(), ["covers_total", "pay"]);
    assert_eq!(order.seen(), before);
    let error = poll(Order::loaded(OrderStatus::Paid).ship(&OnStrike), READY).unwrap();
    assert_eq!(error, Err(TransitionError::Action(Declined)));
}

#[test]
fn a_body_that_moves_the_state_itself_is_refused_and_the_state_set_back() {
    let mut order = Order::loaded(OrderStatus::Pending);
    let before = order.seen();
    order.touch = Touch::Moves;
    let error = order.pay(&cents(100)).unwrap_err();
    let TransitionError::Moved(moved) = &error else { panic!("{error:?}") };
    let said = (moved.machine(), moved.transition(), moved.from(), moved.found());
    assert_eq!(said, ("Order", "pay", "pending", "delivered"));
    assert_eq!(error.to_string(), "the action of `pay` changed the state itself");
    assert_eq!(error.code(), "order/state_moved");
    assert_eq!(order.seen(), before);
    assert_eq!(order.notes.take(), ["covers_total", "pay"]);
}

#[test]
fn the_state_that_a_failing_body_moved_is_set_back() {
    let mut order = Order::loaded(OrderStatus::Pending);
    let before = order.seen();
    order.touch = Touch::MovesAndFails;
    assert_eq!(order.pay(&cents(100)), Err(TransitionError::Action(Declined)));
    assert_eq!(order.seen(), before);
}

#[test]
fn a_refusal_is_an_error_of_the_framework_that_no_retry_helps() {
    let illegal = Order::loaded(OrderStatus::Paid).pay(&cents(100)).unwrap_err();
    let guard = Order::loaded(OrderStatus::Pending).pay(&cents(1)).unwrap_err();
    let mut moving = Order::loaded(OrderStatus::Pending);
    moving.touch = Touch::Moves;
    let moved = moving.pay(&cents(100)).unwrap_err();
    let codes = ["order/invalid_transition", "order/guard_failed", "order/state_moved"];
    for (error, code) in [illegal, guard, moved].into_iter().zip(codes) {
        let error = Error::from(error);
        assert_eq!((error.code(), error.is_conflict(), error.is_transient()), (code, false, false));
    }
}

#[test]
fn what_is_available_is_told_by_the_state_alone() {
    let mut order = Order::loaded(OrderStatus::Shipped);
    order.refundable = false;
    let names: Vec<&str> = order.available().map(|transition| transition.as_str()).collect();
    assert_eq!(names, ["cancel", "deliver", "annotate"]);
    assert!(order.notes.take().is_empty(), "no guard was asked");
    assert_eq!(Order::loaded(OrderStatus::Cancelled).available().count(), 0);
    assert_eq!(OrderTransition::ALL.len(), 5);
    assert_eq!("ship".parse::<OrderTransition>().unwrap().to_string(), "ship");
    assert!("shop".parse::<OrderTransition>().is_err());
}

#[test]
fn an_old_name_of_a_state_is_read_and_never_written() {
    assert_eq!(OrderStatus::from_name("sent"), Ok(OrderStatus::Shipped));
    assert_eq!(OrderStatus::Shipped.name(), "shipped");
    let unknown = OrderStatus::from_name("mislaid").unwrap_err();
    assert_eq!(unknown.known(), ["pending", "paid", "shipped", "delivered", "cancelled"]);
    assert_eq!((unknown.code(), unknown.stored()), ("order_status/unknown_state", "mislaid"));
}
