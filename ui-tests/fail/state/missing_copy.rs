// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Delivered,
}

fn main() {
    assert_eq!(OrderStatus::Pending.to_string(), "pending");
}
