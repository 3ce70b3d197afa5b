// errors: 3
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
    status: Status,
    delivery: Status,
    #[transitions(status)]
    log: TransitionLog,
    #[transitions(status)]
    other: TransitionLog,
    #[transitions(delivery)]
    third: TransitionLog,
}

fn main() {}
