// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    Pending,
    #[state(terminal)]
    Delivered,
}

fn main() {
    assert_eq!(OrderStatus::INITIAL, OrderStatus::Pending);
}
