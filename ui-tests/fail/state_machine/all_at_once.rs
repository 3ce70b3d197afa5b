// errors: 4
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

#[state_machine(states = OrderStatus, feild = status)]
impl Order {
    #[transition(Pending if covers_totl => Paid)]
    fn pay(&mut self) {}

    #[transition(Pending | Paid => Cancelled)]
    #[transition(Paid => Pending)]
    fn cancel(&mut self) {}

    fn covers_total(&self) -> bool {
        self.total > 0
    }

    fn untouched(&self) -> i64 {
        self.total
    }
}

fn main() {
    let order = Order { status: OrderStatus::Pending, total: 1 };
    let _: i64 = order.untouched();
}
