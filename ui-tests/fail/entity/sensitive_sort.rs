// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(sort, sensitive, max = 80)]
    name: String,
}

fn main() {}
