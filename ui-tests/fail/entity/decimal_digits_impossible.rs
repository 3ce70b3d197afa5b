// errors: 1
use bailiwick::entity::{Decimal, Entity};

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(decimal(4, 6))]
    total: Decimal,
}

fn main() {}
