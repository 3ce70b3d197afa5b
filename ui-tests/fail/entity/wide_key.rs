// errors: 1
use bailiwick::{TenantId, entity::Entity};

#[derive(Entity)]
#[entity(unique(street, town))]
struct Address {
    #[id]
    id: i64,
    #[tenant]
    tenant: TenantId,
    #[col(max = 500)]
    street: String,
    #[col(max = 300)]
    town: String,
}

fn main() {}
