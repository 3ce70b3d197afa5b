// errors: 3
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(skip(Displai), rename = "lowercase")]
enum OrderStatus {
    #[state(inital)]
    Pending,
    #[state(terminal)]
    Delivered,
}

fn main() {
    assert_eq!(OrderStatus::INITIAL.name(), "pending");
}
