// errors: 1
use bailiwick::{State, entity::Entity};

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
    #[col(filter)]
    status: Status,
}

fn main() {
    let _ = Order::status().eq(Status::Pending) & Order::status().lt(Status::Paid);
}
