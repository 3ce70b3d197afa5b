// errors: 2
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Delivered,
}

fn main() {}
