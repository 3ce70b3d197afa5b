// errors: 5
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(rename_all = "snakecase", unknown = "Pending", skip)]
enum OrderStatus {
    #[state(initial = true)]
    Pending,
    #[state(terminal, name = "")]
    Delivered,
}

fn main() {
    assert_eq!(OrderStatus::INITIAL.name(), "pending");
}
