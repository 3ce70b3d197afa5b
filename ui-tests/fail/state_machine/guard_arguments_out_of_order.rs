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

#[state_machine(states = OrderStatus, field = status)]
impl Order {
    #[transition(Pending if covers => Paid)]
    fn pay(&mut self, cents: i64, tip: i64) {
        self.total -= cents - tip;
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    fn covers(&self, _tip: &i64, cents: &i64) -> bool {
        *cents >= self.total
    }
}

fn main() {}
