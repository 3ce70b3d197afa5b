// errors: 1
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
}

#[state_machine(states = OrderStatus, field = status)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {}

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    #[on_exit(Pending)]
    fn leave(&mut self, _: &Transition<OrderStatus>) {
        let _ = self.cancel();
    }
}

fn main() {}
