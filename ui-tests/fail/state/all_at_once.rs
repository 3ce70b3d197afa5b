// errors: 5
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(unknown = Lost, cyclc)]
enum OrderStatus {
    Pending,
    #[state(alias = "pending")]
    Paid(u8),
    #[state(external = "yes")]
    Shipped,
    Delivered,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Light {
    On,
}

fn main() {
    assert_eq!("paid".parse(), Ok(OrderStatus::Pending));
}
