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
    payment: Payment,
}

#[state_machine(states = OrderStatus, field = status)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {
        self.total = 0;
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Payment {
    #[state(initial)]
    Open,
    #[state(terminal)]
    Done,
}

#[state_machine(states = Payment, field = payment, name = payment)]
impl Order {
    #[transition(Open => Done)]
    fn settle(&mut self) {}
}

#[state_machine(states = Payment, field = payment, name = again)]
impl Order {
    #[transition(Open => Done)]
    fn settle_again(&mut self) {}
}

fn main() {}
