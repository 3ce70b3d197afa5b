// errors: 2
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal, name = "there")]
    #[state(name = "here")]
    Delivered,
}

fn main() {}
