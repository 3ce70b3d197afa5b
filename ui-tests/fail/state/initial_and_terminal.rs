// errors: 2
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial, terminal)]
    Pending,
    Paid,
}

fn main() {}
