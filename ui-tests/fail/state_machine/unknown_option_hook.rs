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

    #[on_entr(Paid)]
    fn paid(&mut self, _transition: &Transition<'_, OrderStatus>) {}
}

fn main() {}
