// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(crate = bailiwick)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Delivered,
}

fn main() {}
