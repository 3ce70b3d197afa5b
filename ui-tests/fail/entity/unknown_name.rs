// errors: 5
use bailiwick::{TransitionLog, entity::Entity};

#[derive(Entity)]
#[entity(unique(numbr), index(-number, cache), version = revision, audit(updated_bi))]
struct Order {
    #[id]
    id: i64,
    number: i64,
    #[col(skip)]
    cache: u8,
    #[transitions(status)]
    log: TransitionLog,
}

fn main() {}
