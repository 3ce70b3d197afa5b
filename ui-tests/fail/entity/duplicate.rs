// errors: 4
use bailiwick::entity::Entity;

#[derive(Entity)]
#[entity(table = "orders", table = "sales")]
struct Order {
    #[id]
    id: i64,
    #[col(max = 3, max = 5)]
    code: String,
}

fn main() {}
