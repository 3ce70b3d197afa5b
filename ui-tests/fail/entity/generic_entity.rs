// errors: 1
use bailiwick::entity::Entity;

#[derive(Entity)]
struct Order<T> {
    #[id]
    id: i64,
    #[col(json)]
    payload: T,
}

fn main() {}
