// errors: 2
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    label: String,
    #[col(rename = "label")]
    caption: String,
}

fn main() {}
