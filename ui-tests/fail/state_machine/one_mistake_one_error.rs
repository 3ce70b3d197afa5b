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
}

#[state_machine(states = OrderStatus, field = status, typestat)]
impl Order {
    #[transition(Pending => Paid)]
    pub fn pay(&mut self, cents: i64) -> Result<i64, std::fmt::Error> {
        Ok(cents)
    }

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}
}

fn main() {
    let mut order = Order { status: OrderStatus::Pending, total: 1 };
    let _: Result<i64, bailiwick::state_machine::TransitionError<std::fmt::Error>> = order.pay(3);
    let _: Vec<OrderTransition> = order.available().collect();
    let _: bool = order.can_pay(&1);
    let _ = (order.check_cancel(), Order::GRAPH, OrderTransition::ALL);
    fn machine<M: bailiwick::StateMachine<OrderStatus>>() {}
    machine::<Order>();
}
