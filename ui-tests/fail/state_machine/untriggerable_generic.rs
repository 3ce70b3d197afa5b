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

#[state_machine(states = OrderStatus, field = status, trigger)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay<F: Fn() -> i64>(&mut self, cents: F) {
        self.total -= cents();
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}
}

fn main() {}
