// errors: 6
use bailiwick::{State, TransitionLog, entity::Entity};

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
    total: i64,
    #[transitions(total)]
    log: TransitionLog,
}

#[derive(Entity)]
struct Invoice {
    #[id]
    id: i64,
    status: Status,
    #[transitions(status)]
    log: TransitionLog,
}

fn main() {}
