// errors: 1
use bailiwick::{TenantId, entity::Entity};

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[tenant]
    tenant: Option<TenantId>,
}

fn main() {}
