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

#[state_machine(states = OrderStatus, field = status, trigger)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {
        self.total = 0;
        let _ = self.cancel();
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    #[transition(Paid => Pending)]
    fn reopen(&mut self) {
        let _ = self.trigger("cancel", bailiwick::Json::Null);
    }
}

fn main() {}
