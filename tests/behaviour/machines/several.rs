//! Two machines on one type, and a machine in an aggregate.

use bailiwick::{Command, Event, State, StateMachine, TransitionError, TransitionLog, aggregate, state_machine};
use serde::{Deserialize, Serialize};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    #[state(initial)]
    Packing,
    #[state(terminal)]
    Sent,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Payment {
    #[state(initial)]
    Due,
    #[state(terminal)]
    Settled,
}

struct Invoice {
    delivery: Delivery,
    payment: Payment,
    log: TransitionLog,
}

#[state_machine(states = Delivery, field = delivery, log = log)]
impl Invoice {
    #[transition(Packing if settled => Sent)]
    fn send(&mut self) {}

    fn settled(&self) -> bool {
        self.payment == Payment::Settled
    }
}

#[state_machine(states = Payment, field = payment, name = payment, log = log)]
impl Invoice {
    #[transition(Due => Settled)]
    fn settle(&mut self) {}
}

#[test]
fn two_machines_of_one_type_move_alone() {
    let mut invoice = Invoice { delivery: Delivery::INITIAL, payment: Payment::INITIAL, log: TransitionLog::new() };
    assert!(!invoice.can_send());
    assert_eq!(invoice.payment_available().count(), 1);
    invoice.settle().unwrap();
    assert_eq!((invoice.payment, invoice.delivery), (Payment::Settled, Delivery::Packing));
    assert_eq!(invoice.payment_available().count(), 0);
    assert_eq!(invoice.available().count(), 1);
    invoice.send().unwrap();
    let records: Vec<_> = invoice.log.records().iter().map(|record| (record.machine(), record.transition())).collect();
    assert_eq!(records, [("Invoice.payment", "settle"), ("Invoice", "send")]);
    assert_eq!(Invoice::GRAPH.machine, "Invoice");
    assert_eq!(Invoice::PAYMENT_GRAPH.machine, "Invoice.payment");
    assert_eq!(<Invoice as StateMachine<Payment>>::GRAPH, Invoice::PAYMENT_GRAPH);
    assert_eq!(StateMachine::<Delivery>::state(&invoice), Delivery::Sent);
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum TicketEvent {
    #[event(name = "ticket.opened")]
    Opened,
    #[event(name = "ticket.closed")]
    Closed { by: String },
}

#[derive(Command, Debug, Clone)]
struct Open {
    #[target]
    ticket: String,
}

#[derive(Command, Debug, Clone)]
struct Close {
    #[target]
    ticket: String,
    by: String,
}

#[derive(State, Debug, Default, Clone, Copy, PartialEq, Eq)]
enum TicketState {
    #[state(initial)]
    #[default]
    Active,
    #[state(terminal)]
    Done,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Ticket {
    state: TicketState,
    closed_by: String,
}

#[state_machine(states = TicketState, field = state)]
impl Ticket {
    #[transition(Active if is_named => Done)]
    fn close(&mut self, by: &str) {}

    fn is_named(&self, by: &str) -> bool {
        !by.is_empty()
    }
}

#[aggregate(name = "ticket", id = String, event = TicketEvent, error = TransitionError)]
impl Ticket {
    #[handle(create)]
    fn open(command: Open) -> Result<TicketEvent, TransitionError> {
        let _ = command;
        Ok(TicketEvent::Opened)
    }

    #[handle]
    fn decide(&self, command: Close) -> Result<TicketEvent, TransitionError> {
        self.check_close(&command.by)?;
        Ok(TicketEvent::Closed { by: command.by })
    }

    #[apply(Opened)]
    fn on_opened(&mut self) {
        self.state = TicketState::INITIAL;
    }

    #[apply(Closed)]
    fn on_closed(&mut self, by: &str) {
        self.state = TicketState::Done;
        self.closed_by = by.into();
    }
}

#[tokio::test]
async fn an_aggregate_asks_the_machine_before_it_decides() {
    let app = bailiwick::App::builder().memory().aggregate::<Ticket>().build().await.unwrap();
    app.send(Open { ticket: "t-1".into() }).await.unwrap();
    let close = |by: &str| Close { ticket: "t-1".into(), by: by.into() };
    let refused = app.send(close("")).await.unwrap_err();
    assert!(refused.to_string().contains("guard `is_named` refused `close` from `active`"), "{refused}");
    app.send(close("Ada")).await.unwrap();
    let refused = app.send(close("Ada")).await.unwrap_err();
    assert!(refused.to_string().contains("cannot `close` from `done`"), "{refused}");
    let ticket = app.load::<Ticket>("t-1").await.unwrap();
    assert_eq!(*ticket, Ticket { state: TicketState::Done, closed_by: "Ada".into() });
}
