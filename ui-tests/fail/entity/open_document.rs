// errors: 2
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(json, filter)]
    tags: Vec<String>,
    #[col(sort)]
    image: Vec<u8>,
}

fn main() {}
