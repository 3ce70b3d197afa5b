// errors: 1
use bailiwick::{State, state_machine, state_machine::TransitionRecord};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Paid,
}

struct Order {
    status: OrderStatus,
}

#[state_machine(states = OrderStatus, field = status)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {}

    #[on_enter(Paid)]
    fn paid(&mut self, _record: &TransitionRecord) {}
}

fn main() {}
