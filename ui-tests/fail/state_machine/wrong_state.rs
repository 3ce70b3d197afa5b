// errors: 1
use bailiwick::{State, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Shipped,
}

struct Carrier;

struct Order {
    status: OrderStatus,
}

#[state_machine(states = OrderStatus, field = status, typestate)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {}

    #[transition(Paid => Shipped)]
    fn ship(&mut self, carrier: &Carrier) {
        let _ = carrier;
    }
}

fn main() {
    let carrier = Carrier;
    if let OrderTyped::Pending(pending) = (Order { status: OrderStatus::Pending }).typed() {
        let _ = pending.ship(&carrier);
    }
}
