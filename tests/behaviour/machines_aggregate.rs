//! A machine inside an aggregate: `check_x` decides in `#[handle]`, and `#[apply]` sets the state. Its events are its log.

use bailiwick::{Command, Event, Root, SendError, State, aggregate, state_machine, state_machine::TransitionError};
use serde::{Deserialize, Serialize};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Delivered,
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum OrderEvent {
    #[event(name = "order.placed")]
    Placed { total: i64 },
    #[event(name = "order.paid")]
    Paid { cents: i64 },
    #[event(name = "order.delivered")]
    Delivered,
}

#[derive(Command, Debug, Clone)]
struct Place {
    #[target]
    order: u64,
    total: i64,
}

#[derive(Command, Debug, Clone)]
struct Pay {
    #[target]
    order: u64,
    cents: i64,
}

#[derive(Command, Debug, Clone)]
struct Deliver {
    #[target]
    order: u64,
}

#[derive(Debug, PartialEq, thiserror::Error)]
enum OrderError {
    #[error(transparent)]
    Transition(#[from] TransitionError),
}

#[derive(Debug, Default)]
struct Order {
    stage: Stage,
    total: i64,
    paid: i64,
}

#[state_machine(states = Stage, field = stage)]
impl Order {
    #[transition(Pending if covers => Paid)]
    fn pay(&mut self, command: &Pay) {}

    #[transition(Paid => Delivered)]
    fn deliver(&mut self) {}

    fn covers(&self, command: &Pay) -> bool {
        command.cents >= self.total
    }
}

#[aggregate(name = "order", id = u64, event = OrderEvent, error = OrderError)]
impl Order {
    #[handle(create)]
    fn place(command: Place) -> Result<OrderEvent, OrderError> {
        Ok(OrderEvent::Placed { total: command.total })
    }

    #[handle]
    fn decide_to_pay(&self, command: Pay) -> Result<OrderEvent, OrderError> {
        self.check_pay(&command)?;
        Ok(OrderEvent::Paid { cents: command.cents })
    }

    #[handle]
    fn decide_to_deliver(&self, _: Deliver) -> Result<OrderEvent, OrderError> {
        self.check_deliver()?;
        Ok(OrderEvent::Delivered)
    }

    #[apply(Placed)]
    fn placed(&mut self, total: &i64) {
        self.total = *total;
    }

    #[apply(Paid)]
    fn paid(&mut self, cents: &i64) {
        (self.stage, self.paid) = (Stage::Paid, *cents);
    }

    #[apply(Delivered)]
    fn delivered(&mut self) {
        self.stage = Stage::Delivered;
    }
}

fn placed() -> Root<Order> {
    let mut order = Root::<Order>::new(1_u64);
    order.decide(Place { order: 1, total: 10 }).unwrap();
    order
}

#[test]
fn a_refused_transition_decides_nothing() {
    let mut order = placed();
    let refused = order.decide(Pay { order: 1, cents: 3 }).unwrap_err();
    let SendError::Rejected(OrderError::Transition(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.code(), "order/guard_failed");
    assert_eq!((order.pending().len(), order.stage), (1, Stage::Pending));
}

#[test]
fn the_state_is_what_the_events_say() {
    let mut order = placed();
    order.decide(Pay { order: 1, cents: 10 }).unwrap();
    assert_eq!((order.stage, order.paid), (Stage::Paid, 10));
    assert_eq!(order.available().collect::<Vec<_>>(), [OrderTransition::Deliver]);
    order.decide(Deliver { order: 1 }).unwrap();
    assert!(order.decide(Deliver { order: 1 }).is_err());
    assert_eq!((order.pending().len(), order.stage), (3, Stage::Delivered));
}
