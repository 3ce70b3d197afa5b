// errors: 2
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order {
    #[id]
    id: f64,
}

#[derive(Entity)]
struct Line {
    #[id]
    id: u64,
}

fn main() {
    let _ = (NewOrder { id: None }, NewLine { id: None });
}
