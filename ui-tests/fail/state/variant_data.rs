// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid { cents: u64 },
    #[state(terminal)]
    Delivered,
}

fn main() {
    assert_eq!(OrderStatus::Pending.to_string(), "pending");
}
