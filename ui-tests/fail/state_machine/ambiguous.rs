// errors: 2
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
    fn pay(&mut self) {
        self.total = 0;
    }

    #[transition(Pending | Paid => Cancelled)]
    #[transition(Paid if settled => Pending)]
    fn cancel(&mut self) {}

    fn settled(&self) -> bool {
        self.total == 0
    }
}

fn main() {}
