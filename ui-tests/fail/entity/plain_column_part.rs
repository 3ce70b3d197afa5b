// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(filter, max = 20)]
    number: String,
}

fn main() {
    let _ = Order::number().contains("17");
}
