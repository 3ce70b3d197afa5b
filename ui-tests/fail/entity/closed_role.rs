// errors: 1
use bailiwick::{TenantId, entity::Entity};

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[tenant]
    #[col(filter, rename = "tenant_id")]
    tenant: TenantId,
}

fn main() {}
