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
    status: Status,
    label: Option<String>,
}

fn main() {
    let _ = OrderPatch::new().label(None).status(Status::Paid);
}
