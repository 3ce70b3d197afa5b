//! Every option at once, under the lints that users deny.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::pedantic)]

use bailiwick::{
    Id, State, TenantId, Timestamp, TransitionLog, Uuid, ValueObject, Version, actor::ActorId, entity::{Entity, Decimal},
    state_machine,
};

/// An id.
#[derive(Id)]
pub struct OrderId(Uuid);

/// An id.
#[derive(Id)]
pub struct CustomerId(String);

/// A state.
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// At first.
    #[state(initial)]
    Pending,
    /// At last.
    #[state(terminal)]
    Paid,
}

/// A value.
#[derive(ValueObject, Debug, Clone, PartialEq, Eq)]
#[value(check = is_number)]
pub struct Number(String);

fn is_number(text: &str) -> bool {
    !text.is_empty()
}

/// A value that is a document in a column.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Contact {
    /// A name.
    pub name: String,
}

/// An entity.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(
    table = "orders",
    schema = "sales",
    unique(number),
    unique(customer_id, label),
    index(status, -created_at, -id),
    has_many(lines: OrderLine::order_id),
    fields = OrderFields,
    tenant = tenant,
    audit(created_by, updated_by, deleted_by)
)]
pub struct Order {
    #[id]
    id: OrderId,
    tenant: TenantId,
    #[col(filter(contains), sort, max = 32, immutable)]
    number: Number,
    #[col(filter)]
    status: Status,
    #[col(filter, sort, decimal(18, 4))]
    total: Decimal,
    #[col(filter, max = 64, references(Customer, as = customer))]
    customer_id: CustomerId,
    #[col(filter(contains), max = 200, rename = "caption")]
    label: Option<String>,
    #[col(json, sensitive)]
    contact: Contact,
    #[col(as = i64, filter)]
    size: u64,
    #[col(as = i64)]
    weight: Option<u128>,
    #[col(skip)]
    cache: Vec<u8>,
    note: Option<String>,
    #[transitions(status)]
    log: TransitionLog,
    #[version]
    version: Version,
    #[created_at]
    created_at: Timestamp,
    created_by: Option<ActorId>,
    #[updated_at]
    updated_at: Timestamp,
    updated_by: Option<ActorId>,
    #[soft_delete]
    deleted_at: Option<Timestamp>,
    deleted_by: Option<ActorId>,
}

impl Order {
    /// A getter with the name of a column.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }
}

#[state_machine(states = Status, field = status, version = version, audit, emit)]
impl Order {
    /// It is paid.
    #[transition(Pending => Paid)]
    pub fn pay(&mut self) {}
}

/// An entity.
#[derive(Entity, Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    #[id]
    id: i64,
    #[col(filter)]
    order_id: OrderId,
    r#type: i32,
}

/// An entity that is read only.
#[derive(Entity, Debug, Clone, PartialEq, Eq)]
#[entity(read_only)]
pub struct Customer {
    #[id]
    #[col(max = 64)]
    id: CustomerId,
    #[col(sort)]
    debts: i64,
}

fn main() {
    let spec = OrderFields::status().eq(Status::Pending) & OrderFields::total().gt(100) & OrderFields::number().contains("A");
    let spec = spec | OrderFields::size().ge(18u64) | OrderFields::customer_id().eq("c-1") | OrderFields::label().is_null();
    assert!(spec.to_string().contains("customer_id"));
    assert_eq!(format!("{:?}", OrderFields::lines()), "Order.id = OrderLine.order_id");
    assert_eq!(format!("{:?}", OrderFields::customer()), "Order.customer_id = Customer.id");
    assert_eq!(format!("{:?}", OrderFields::unique_number()), "Order[\"tenant\", \"number\"]");
    assert_eq!(OrderLine::TABLE.name(), "order_line");
}
