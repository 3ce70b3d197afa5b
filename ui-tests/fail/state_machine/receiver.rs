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
    #[transition(Pending => Paid)]
    fn pay(&self, _cents: i64) {
        self.total = 0;
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}
}

fn main() {
    let mut order = Order { status: OrderStatus::INITIAL, total: 1 };
    let _ = order.pay(1).unwrap_err();
}
