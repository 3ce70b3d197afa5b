// errors: 3
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(filter)]
    cents: u64,
    places: Option<usize>,
    balance: std::primitive::i128,
}

fn main() {
    let _ = Order::cents();
}
