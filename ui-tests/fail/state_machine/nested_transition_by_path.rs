// errors: 3
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
        if self.total == 0 {
            let _ = Self::cancel(self);
        }
        let _ = (*self).note("paid");
        let _ = Order::note(self, "paid");
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    #[transition(_ => _)]
    fn note(&mut self, _text: &str) {}
}

fn main() {}
