// errors: 1
use bailiwick::entity::{Entity, Stamps};

#[derive(Entity)]
struct Order {
    number: i64,
}

fn main() {
    let _ = |order: Order, stamps: &Stamps| Order::create(NewOrder { number: order.number }, stamps).is_ok();
}
