// errors: 7
use bailiwick::{TransitionLog, entity::Entity};

#[derive(Entity)]
#[entity(unique(-label), has_many(lines), audit = created_by)]
struct Order {
    #[id]
    id: i64,
    #[col(max = "200")]
    label: String,
    #[col(as = u64)]
    size: u32,
    #[col(filter(like))]
    note: u32,
    #[transitions]
    log: TransitionLog,
}

fn main() {}
