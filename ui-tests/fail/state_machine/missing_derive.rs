// errors: 1
use bailiwick::state_machine;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    Pending,
    Paid,
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
}

fn main() {
    let mut order = Order { status: OrderStatus::Pending, total: 1 };
    let _ = order.pay();
    let _ = order.can_cancel();
}
