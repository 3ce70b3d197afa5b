// errors: 2
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal, alias = "sent", alias = "paid")]
    Delivered,
}

fn main() {}
