// errors: 4
use bailiwick::{Version, entity::Entity};

#[derive(Entity)]
#[entity(version = version)]
struct Order {
    #[id]
    country: i64,
    #[id]
    number: i64,
    #[version]
    version: Version,
}

fn main() {}
