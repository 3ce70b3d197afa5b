// errors: 5
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
    fn pay(&mut self) {}

    #[transition(Pending => Paid)]
    fn check_pay(&mut self) {}

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    fn can_cancel(&self) -> bool {
        self.total > 0
    }

    fn trigger(&self) {}
}

fn main() {}
