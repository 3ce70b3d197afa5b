// errors: 3
use bailiwick::{State, Transition, state_machine};

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
    fn pay(&mut self) {
        self.total = 0;
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    #[on_enter(Paid)]
    fn paid(&mut self, from: OrderStatus) {
        self.total = i64::from(from == OrderStatus::Paid);
    }

    #[on_exit(Pending)]
    fn left(&self, _state: &OrderStatus) {}

    #[on_transition]
    fn told(&self, _transition: &Transition<Order>) {}
}

fn main() {}
