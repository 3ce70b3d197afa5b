// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order<'a> {
    #[id]
    id: i64,
    label: &'a str,
}

fn main() {}
