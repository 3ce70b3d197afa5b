// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
#[entity(crate = bailiwick)]
struct Order {
    #[id]
    id: i64,
}

fn main() {}
