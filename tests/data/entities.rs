//! What `#[derive(Entity)]` makes of a struct: its table, rows, new rows, changes, and the functions that name columns.

use bailiwick::{
    Error, Id, State, TenantId, Timestamp, TransitionLog, Uuid, ValueObject, Version,
    actor::ActorId,
    entity::{
        Cells, ColumnDef, Decimal, Entity, Filtering, GlobalEntity, Kind, Patch, Role, RowReader, SoftDelete, Stamps,
        TenantEntity, Value, Versioned,
    },
    state_machine,
};
use serde::{Deserialize, Serialize};

#[derive(Id)]
struct OrderId(Uuid);

#[derive(Id)]
struct CustomerId(String);

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[state(initial)]
    Pending,
    #[state(terminal, alias = "payed")]
    Paid,
}

#[derive(ValueObject, Debug, Clone, PartialEq)]
#[value(check = is_number)]
struct Number(String);

fn is_number(text: &str) -> bool {
    text.starts_with("A-")
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Contact {
    name: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(
    table = "orders",
    schema = "sales",
    unique(number),
    index(status, -created_at),
    has_many(lines: Line::order_id),
    fields = OrderFields,
    tenant = tenant,
    audit(updated_by)
)]
struct Order {
    #[id]
    id: OrderId,
    tenant: TenantId,
    #[col(filter(contains), sort, max = 32, immutable)]
    number: Number,
    #[col(filter)]
    status: Status,
    #[col(filter, decimal(18, 4))]
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
    #[transitions(status)]
    log: TransitionLog,
    #[version]
    version: Version,
    #[created_at]
    created_at: Timestamp,
    #[created_by]
    created_by: Option<ActorId>,
    #[updated_at]
    updated_at: Timestamp,
    updated_by: Option<ActorId>,
    #[soft_delete]
    deleted_at: Option<Timestamp>,
    #[deleted_by]
    deleted_by: Option<ActorId>,
}

impl Order {
    /// A getter that is called like a column.
    fn status(&self) -> Status {
        self.status
    }
}

#[state_machine(states = Status, field = status, version = version, audit)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {}
}

#[derive(Entity, Debug)]
struct Line {
    #[id]
    id: i64,
    #[col(filter)]
    order_id: OrderId,
    r#type: bool,
}

#[derive(Entity, Debug)]
#[entity(read_only)]
struct Customer {
    #[id]
    #[col(max = 64)]
    id: CustomerId,
    #[col(sort)]
    debts: i64,
}

/// A row in memory.
struct Row(Vec<Value<'static>>);

impl Cells for Row {
    fn cell(&mut self, place: usize, _column: &ColumnDef) -> Result<Value<'_>, Error> {
        Ok(self.0[place].borrowed())
    }
}

fn read<E: Entity>(values: Vec<Value<'static>>) -> Result<E, Error> {
    E::read(&mut RowReader::new(E::TABLE, &mut Row(values)))
}

fn values<E: Entity>(entity: &E) -> Vec<Value<'static>> {
    (0..E::TABLE.columns().len()).map(|place| entity.value(place).into_owned()).collect()
}

fn stamps(version: u64, micros: i64, actor: &str) -> Stamps {
    Stamps {
        at: Timestamp::from_micros(micros),
        actor: Some(ActorId::new(actor)),
        tenant: Some(TenantId::new("acme").unwrap()),
        version: Version::new(version),
        fresh: Uuid::from_u128(17),
    }
}

fn new_order() -> NewOrder {
    NewOrder {
        id: None,
        number: Number::new("A-17".into()).unwrap(),
        status: Status::Pending,
        total: Decimal::new(12_50, 2),
        customer_id: "c-1".into(),
        label: None,
        contact: Contact { name: "Ada".into() },
        size: 3,
        weight: Some(9),
    }
}

#[test]
fn a_new_row_has_what_is_given_and_the_stamps() {
    let order = Order::create(new_order(), &stamps(1, 5, "ada")).unwrap();
    assert_eq!(Entity::id(&order), &OrderId::from(Uuid::from_u128(17)));
    assert_eq!(
        (order.tenant.as_str(), order.number.as_ref().as_str(), order.status()),
        ("acme", "A-17", Status::Pending)
    );
    assert_eq!(
        (order.version(), order.created_at, order.updated_at),
        (Version::new(1), stamps(1, 5, "").at, stamps(1, 5, "").at)
    );
    assert_eq!((order.created_by, order.updated_by), (Some(ActorId::new("ada")), Some(ActorId::new("ada"))));
    assert_eq!((order.deleted_at, order.deleted_by, order.cache.len()), (None, None, 0));
}

#[test]
fn a_key_that_is_given_is_kept() {
    let id = OrderId::from(Uuid::from_u128(4));
    let order = Order::create(NewOrder { id: Some(id), ..new_order() }, &stamps(1, 5, "ada")).unwrap();
    assert_eq!(order.id, id);
    let line = Line::create(NewLine { id: 7, order_id: id, r#type: true }, &stamps(1, 5, "ada")).unwrap();
    assert_eq!((line.id, line.r#type), (7, true));
}

#[test]
fn an_entity_of_a_tenant_is_made_for_one() {
    let nobody = Stamps { tenant: None, ..stamps(1, 5, "ada") };
    assert_eq!(Order::create(new_order(), &nobody).unwrap_err().code(), "repository/tenant_required");
    assert!(Line::create(NewLine { id: 7, order_id: Uuid::from_u128(4).into(), r#type: true }, &nobody).is_ok());
}

#[test]
fn what_is_written_is_what_is_read() {
    let mut order = Order::create(new_order(), &stamps(1, 5, "ada")).unwrap();
    order.cache = vec![1];
    let row = values(&order);
    let again: Order = read(row.clone()).unwrap();
    assert_eq!(values(&again), row);
    assert_eq!((again.contact, again.size, again.weight, again.cache.len()), (order.contact.clone(), 3, Some(9), 0));
    assert_eq!(Order::TABLE.columns().len(), 17, "a skipped field and a log are no columns");
    assert!(order.log.is_empty() && again.log.is_empty());
    assert_eq!(order.value(17), Value::Null(Kind::Text));
}

#[test]
fn a_stored_value_that_is_none_of_its_type_is_named() {
    let mut row = values(&Order::create(new_order(), &stamps(1, 5, "ada")).unwrap());
    let mut refused = |place: usize, value: Value<'static>| {
        let before = std::mem::replace(&mut row[place], value);
        let error = read::<Order>(row.clone()).unwrap_err();
        row[place] = before;
        (error.code().to_owned(), error.to_string())
    };
    for (place, value) in [
        (2, Value::Text("17".into())),
        (3, Value::Text("lost".into())),
        (8, Value::Int(-1)),
        (7, Value::Json("[]".into())),
        (10, Value::Null(Kind::Int)),
    ] {
        let (code, text) = refused(place, value);
        assert_eq!(code, "repository/row", "{text}");
    }
    row[3] = Value::Text("payed".into());
    assert_eq!(read::<Order>(row).unwrap().status, Status::Paid);
}

#[test]
fn a_write_stamps_version_time_and_actor() {
    let mut order = Order::create(new_order(), &stamps(1, 5, "ada")).unwrap();
    order.stamp(&stamps(2, 9, "eve"));
    assert_eq!((order.version(), order.updated_at), (Version::new(2), Timestamp::from_micros(9)));
    assert_eq!((order.created_at, order.created_by), (Timestamp::from_micros(5), Some(ActorId::new("ada"))));
    assert_eq!(order.updated_by, Some(ActorId::new("eve")));
}

#[test]
fn a_patch_holds_the_last_value_of_each_column() {
    let patch =
        OrderPatch::new().label(Some("slow".into())).size(4).label(None).contact(Contact { name: "Eve".into() });
    let places: Vec<usize> = patch.changes().iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [8, 6, 7]);
    assert_eq!(patch.changes()[1].1, Value::Null(Kind::Text));
    assert_eq!(format!("{patch:?}"), "OrderPatch({size: 4, label: NULL, contact: •••})");
    assert!(OrderPatch::default().changes().is_empty());
}

#[test]
fn the_table_says_what_the_attributes_say() {
    let table = Order::TABLE;
    assert_eq!((table.name(), table.schema_name(), table.entity()), ("orders", Some("sales"), "Order"));
    assert_eq!((Line::TABLE.name(), Line::TABLE.is_read_only()), ("line", false));
    assert!(Customer::TABLE.is_read_only());
    let (_, number) = table.find("number").unwrap();
    assert_eq!((number.filtering(), number.is_sortable(), number.longest()), (Filtering::Pattern, true, Some(32)));
    assert!(number.is_immutable() && number.is_ordered());
    let (_, label) = table.find("label").unwrap();
    assert_eq!((label.sql_name(), label.is_nullable(), label.is_sortable()), ("caption", true, false));
    let (place, status) = table.find("status").unwrap();
    assert_eq!((place, status.texts()), (3, vec!["pending", "paid", "payed"]));
    assert_eq!(table.find("total").unwrap().1.digits(), Some((18, 4)));
    let (_, contact) = table.find("contact").unwrap();
    assert_eq!((contact.kind(), contact.is_sensitive()), (Kind::Json, true));
    assert_eq!(table.find("weight").unwrap().1.kind(), Kind::Int);
    assert!(table.find("weight").unwrap().1.is_nullable());
    assert_eq!(Line::TABLE.find("type").unwrap().0, 2);
}

#[test]
fn roles_stand_on_the_field_or_on_the_struct() {
    let roles = [
        (Role::Id, Some(0)),
        (Role::Tenant, Some(1)),
        (Role::Version, Some(10)),
        (Role::CreatedAt, Some(11)),
        (Role::CreatedBy, Some(12)),
        (Role::UpdatedAt, Some(13)),
        (Role::UpdatedBy, Some(14)),
        (Role::DeletedAt, Some(15)),
        (Role::DeletedBy, Some(16)),
    ];
    for (role, place) in roles {
        assert_eq!(Order::TABLE.place(role), place, "{role:?}");
    }
    fn has_all<E: TenantEntity + Versioned + SoftDelete>() {}
    fn has_none<E: GlobalEntity>() {}
    has_all::<Order>();
    has_none::<Line>();
}

#[test]
fn keys_of_a_tenants_rows_begin_with_the_tenant() {
    assert_eq!(Order::TABLE.unique()[0].columns, [1, 2]);
    assert_eq!(Order::TABLE.indexed()[0].columns, [(1, false), (3, false), (11, true)]);
    assert_eq!(format!("{:?}", OrderFields::unique_number()), r#"Order["tenant", "number"]"#);
}

#[test]
fn relations_lead_from_column_to_id_and_back() {
    assert_eq!((OrderFields::lines().places(), OrderFields::lines().is_many()), ((0, 1), true));
    assert_eq!((OrderFields::customer().places(), OrderFields::customer().is_many()), ((5, 0), false));
    let (_, customer) = Order::TABLE.find("customer_id").unwrap();
    assert_eq!(customer.refers_to().map(|table| table.name()), Some("customer"));
    assert!(Order::TABLE.find("number").unwrap().1.refers_to().is_none());
}

#[test]
fn the_functions_of_columns_make_specifications() {
    let mut order = Order::create(new_order(), &stamps(1, 5, "ada")).unwrap();
    order.label = Some("in a rush".into());
    let spec = OrderFields::status().eq(Status::Pending)
        & OrderFields::total().gt(12)
        & OrderFields::number().starts_with("A-")
        & OrderFields::number().lt("A-2")
        & OrderFields::customer_id().eq("c-1")
        & OrderFields::size().between(1u64, 3)
        & OrderFields::label().contains("rush")
        & OrderFields::created_at().le(Timestamp::from_micros(5))
        & OrderFields::id().eq(order.id);
    assert!(spec.matches(&order), "{spec}");
    assert!(!OrderFields::label().is_null().matches(&order));
    assert!(spec.to_string().contains("customer_id = \"c-1\""), "{spec}");
    let place = Customer::debts().place();
    assert_eq!((place, Customer::id().place()), (1, 0));
}
