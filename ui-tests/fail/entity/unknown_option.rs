// errors: 3
use bailiwick::entity::Entity;

#[derive(Entity)]
#[entity(tabel = "orders")]
struct Order {
    #[id(generated)]
    id: i64,
    #[col(filters, max = 20)]
    number: String,
}

fn main() {
    let _ = Order::number().eq("A-17");
}
