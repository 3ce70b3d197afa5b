// errors: 3
use bailiwick::{
    TenantId,
    entity::Entity,
    repository::{Db, Sql},
};

#[derive(Entity)]
struct Order {
    #[id]
    id: i64,
    #[tenant]
    tenant: TenantId,
}

const ALL: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE 'x' <> ':tenant' -- :tenant");

fn orders(db: &Db) {
    db.repository::<Order>();
    db.session().repository::<Order>();
}

fn main() {}
