// errors: 1
use bailiwick::{State, TransitionLog, entity::Entity, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Paid,
}

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    status: Status,
    #[transitions(status)]
    log: TransitionLog,
}

#[state_machine(states = Status, field = status)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {}
}

fn main() {}
