// errors: 1
use std::collections::BTreeMap;

use bailiwick::entity::Entity;

type Tags = BTreeMap<String, String>;

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    tags: Tags,
}

fn main() {}
