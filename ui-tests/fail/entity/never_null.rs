// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(filter)]
    size: i64,
}

fn main() {
    let _ = Order::size().is_null();
}
