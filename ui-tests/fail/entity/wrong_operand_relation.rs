// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
#[entity(has_many(lines: Line::place))]
struct Order {
    #[id]
    id: i64,
}

#[derive(Entity)]
struct Line {
    #[id]
    id: i64,
    #[col(filter)]
    place: i32,
}

fn main() {}
