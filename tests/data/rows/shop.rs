//! A shop with tenants, and countries that belong to nobody.

use bailiwick::{
    Clock, Id, State, TenantId, Timestamp, Uuid, Version,
    actor::{Actor, ActorId},
    entity::{Date, Decimal, Entity},
    repository::{Db, Migrations, Scope, Scoped},
};
use serde::{Deserialize, Serialize};

#[derive(Id)]
pub struct OrderId(Uuid);

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Shipped,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub mail: String,
    pub phones: Vec<String>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "orders", unique(number), index(status, -created_at, -id), has_many(lines: Line::order_id))]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[tenant]
    pub tenant: TenantId,
    #[col(filter, sort, max = 32)]
    pub number: String,
    #[col(filter)]
    pub status: Status,
    #[col(filter, sort, decimal(18, 4))]
    pub total: Decimal,
    #[col(filter(contains), sort, max = 200)]
    pub label: Option<String>,
    #[col(filter, sort)]
    pub pieces: Option<i64>,
    #[col(filter, sort)]
    pub weight: f64,
    #[col(filter, sort)]
    pub due: Option<Date>,
    #[col(filter)]
    pub gift: bool,
    #[col(filter, as = i64)]
    pub views: u64,
    #[col(json, sensitive)]
    pub contact: Contact,
    pub picture: Option<Vec<u8>>,
    #[col(immutable, max = 20)]
    pub channel: String,
    #[version]
    pub version: Version,
    #[created_at]
    pub created_at: Timestamp,
    #[created_by]
    pub created_by: Option<ActorId>,
    #[updated_at]
    pub updated_at: Timestamp,
    #[updated_by]
    pub updated_by: Option<ActorId>,
    #[soft_delete]
    pub deleted_at: Option<Timestamp>,
    #[deleted_by]
    pub deleted_by: Option<ActorId>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "country")]
pub struct Country {
    #[id]
    #[col(max = 2)]
    pub code: String,
    #[col(filter, sort, max = 60)]
    pub name: String,
}

/// A product, whose id is the tenant's own.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "item", schema = "stock")]
pub struct Item {
    #[id]
    #[col(max = 20)]
    pub sku: String,
    #[tenant]
    pub tenant: TenantId,
    #[col(filter, sort, max = 60)]
    pub name: String,
    #[version]
    pub version: Version,
}

#[derive(Id)]
pub struct LineId(Uuid);

/// A line of an order, of an item, perhaps part of another line.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "line", index(order_id))]
pub struct Line {
    #[id]
    pub id: LineId,
    #[tenant]
    pub tenant: TenantId,
    #[col(filter, references(Order, as = order))]
    pub order_id: OrderId,
    #[col(filter, sort, max = 20, references(Item, as = item))]
    pub sku: Option<String>,
    #[col(filter, references(Line, as = parent))]
    pub part_of: Option<LineId>,
    #[col(filter, sort)]
    pub pieces: i64,
    #[soft_delete]
    pub deleted_at: Option<Timestamp>,
}

/// A line of an order, whose id is made from its number.
pub fn line(number: u32, order: &Order) -> NewLine {
    let id = Some(LineId::from(Uuid::from_u128(u128::from(number) << 64 | 9)));
    NewLine { id, order_id: order.id, sku: None, part_of: None, pieces: i64::from(number) }
}

pub fn item(sku: &str, name: &str) -> NewItem {
    NewItem { sku: sku.into(), name: name.into() }
}

pub fn tables() -> Migrations {
    let migrations = Migrations::new().ddl::<Order>("0001_orders").ddl::<Country>("0002_country");
    migrations.ddl::<Item>("0003_item").ddl::<Line>("0004_line")
}

/// At noon of the first of January 2026.
pub fn clock() -> Clock {
    Clock::fixed_at("2026-01-01T12:00:00Z").unwrap()
}

/// The shop of a tenant, at a clock that stands, by Ada.
pub fn shop(db: &Db, tenant: &str) -> Scoped {
    shop_at(db, tenant, clock())
}

pub fn shop_at(db: &Db, tenant: &str, clock: Clock) -> Scoped {
    db.scoped(Scope::tenant(tenant).unwrap().actor(&Actor::new("ada")).clock(clock))
}

/// An order with this number, whose id is made from it.
pub fn new(number: u32) -> NewOrder {
    NewOrder {
        id: Some(OrderId::from(Uuid::from_u128(u128::from(number) << 64 | 7))),
        number: format!("A-{number}"),
        status: Status::Pending,
        total: Decimal::new(i64::from(number) * 100, 2),
        label: None,
        pieces: None,
        weight: 0.5,
        due: None,
        gift: false,
        views: 0,
        contact: Contact { mail: "ada@example.org".into(), phones: vec!["1".into()] },
        picture: None,
        channel: "web".into(),
    }
}
