// errors: 1
use bailiwick::entity::{Decimal, Entity};

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(filter)]
    total: Decimal,
}

fn main() {}
