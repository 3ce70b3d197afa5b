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

#[state_machine(states = OrderStatus, field = status, typestate)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) -> i64 {
        self.total
    }

    #[transition(Pending => Paid)]
    fn pay_returning(&mut self) {}

    #[transition(Paid => Cancelled)]
    fn get(&mut self) {}

    #[transition(Pending => Cancelled)]
    fn into_inner(&mut self) {}

    fn typed(&self) {}
}

fn main() {}
