// errors: 6
use bailiwick::{TenantId, entity::Entity};

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[col(json, as = i64)]
    size: u64,
    #[tenant]
    #[version]
    owner: TenantId,
    #[col(filter, skip)]
    cache: u8,
}

fn main() {}
