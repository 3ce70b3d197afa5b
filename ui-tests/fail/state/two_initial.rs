// errors: 2
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(external, initial)]
    Paid,
    #[state(terminal)]
    Delivered,
}

fn main() {}
