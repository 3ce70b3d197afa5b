// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
struct OrderStatus;

fn main() {}
