// errors: 2
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(sort, max = 20)]
    number: String,
    note: String,
}

fn main() {
    let _ = Order::number().eq("A-17");
    let _ = Order::note().eq("urgent");
}
