// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[version]
    version: u32,
}

fn main() {}
