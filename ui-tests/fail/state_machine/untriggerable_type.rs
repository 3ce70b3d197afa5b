// errors: 1
use bailiwick::{State, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Cancelled,
}

struct Order {
    status: OrderStatus,
    total: i64,
}

struct Payment {
    cents: i64,
}

#[state_machine(states = OrderStatus, field = status, trigger)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self, payment: &Payment) {
        self.total -= payment.cents;
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}
}

fn main() {}
