// errors: 3
use bailiwick::entity::Entity;

#[derive(Entity)]
#[entity(table = "Orders")]
struct Order {
    #[id]
    id: i64,
    größe: i64,
    #[col(rename = "1st")]
    first: i64,
}

fn main() {}
