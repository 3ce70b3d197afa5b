//! One use of each macro, and its twin written by hand. `§` stands for the number of the use.

/// A macro, what stands around one use of it, the use, and its twin.
pub struct Uses {
    pub name: &'static str,
    pub package: &'static str,
    around: &'static str,
    by_macro: &'static str,
    by_hand: &'static str,
}

impl Uses {
    /// A package of uses.
    pub fn macros(&self, uses: usize) -> String {
        self.repeated(self.by_macro, uses)
    }

    /// A package of twins.
    pub fn twins(&self, uses: usize) -> String {
        self.repeated(self.by_hand, uses)
    }

    fn repeated(&self, use_of_it: &str, uses: usize) -> String {
        let module = |number: usize| {
            format!("mod m{number} {{\n{}\n{}\n}}\n", self.around, use_of_it).replace('§', &number.to_string())
        };
        (1..=uses).map(module).collect()
    }
}

pub const ALL: &[Uses] =
    &[EVENT, COMMAND_DERIVE, QUERY, ID, VALUE_OBJECT, STATE, ENTITY, AGGREGATE, COMMAND, SERVICE, PROJECTION];

const EVENT: Uses = Uses {
    name: "derive(Event)",
    package: "event",
    around: "",
    by_macro: r#"
        #[derive(bailiwick::Event, Debug, Clone, serde::Serialize, serde::Deserialize)]
        pub enum Order {
            #[event(name = "order§.placed")]
            Placed { customer: String, cents: u64 },
            #[event(name = "order§.paid")]
            Paid { cents: u64 },
            #[event(name = "order§.cancelled")]
            Cancelled,
        }"#,
    by_hand: r#"
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        pub enum Order {
            Placed { customer: String, cents: u64 },
            Paid { cents: u64 },
            Cancelled,
        }
        impl bailiwick::Event for Order {
            const SPECS: &'static [bailiwick::event::EventSpec] = &[
                bailiwick::event::EventSpec::domain("order§.placed", 1),
                bailiwick::event::EventSpec::domain("order§.paid", 1),
                bailiwick::event::EventSpec::domain("order§.cancelled", 1),
            ];
            const IS_ENUM: bool = true;
            fn index(&self) -> usize {
                match self {
                    Self::Placed { .. } => 0,
                    Self::Paid { .. } => 1,
                    Self::Cancelled => 2,
                }
            }
        }"#,
};

const COMMAND_DERIVE: Uses = Uses {
    name: "derive(Command)",
    package: "command_derive",
    around: "",
    by_macro: r"
        #[derive(bailiwick::Command, Debug, Clone)]
        pub struct Pay {
            #[target]
            pub account: String,
            pub cents: u64,
        }",
    by_hand: r#"
        #[derive(Debug, Clone)]
        pub struct Pay {
            pub account: String,
            pub cents: u64,
        }
        impl bailiwick::Command for Pay {
            const NAME: &'static str = "Pay";
            fn target(&self) -> Option<String> {
                Some(self.account.to_string())
            }
        }
        impl bailiwick::command::Targeted for Pay {
            type Id = String;
            fn target_id(&self) -> &String {
                &self.account
            }
        }"#,
};

const QUERY: Uses = Uses {
    name: "derive(Query)",
    package: "query",
    around: "",
    by_macro: r"
        #[derive(bailiwick::Query, Debug, Clone)]
        pub struct Balance {
            pub account: String,
            pub at: u64,
        }",
    by_hand: r#"
        #[derive(Debug, Clone)]
        pub struct Balance {
            pub account: String,
            pub at: u64,
        }
        impl bailiwick::Query for Balance {
            const NAME: &'static str = "Balance";
        }"#,
};

const ID: Uses = Uses {
    name: "derive(Id)",
    package: "id",
    around: "",
    by_macro: r"
        #[derive(bailiwick::Id)]
        pub struct RoomId(u64);",
    by_hand: r#"
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct RoomId(u64);
        impl bailiwick::Id for RoomId {}
        impl std::fmt::Display for RoomId {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for RoomId {
            type Err = bailiwick::Error;
            fn from_str(text: &str) -> Result<Self, bailiwick::Error> {
                bailiwick::id::parse("RoomId", text).map(Self)
            }
        }
        impl From<u64> for RoomId {
            fn from(inner: u64) -> Self {
                Self(inner)
            }
        }
        impl From<RoomId> for u64 {
            fn from(id: RoomId) -> Self {
                id.0
            }
        }
        impl AsRef<u64> for RoomId {
            fn as_ref(&self) -> &u64 {
                &self.0
            }
        }"#,
};

const VALUE_OBJECT: Uses = Uses {
    name: "derive(ValueObject)",
    package: "value_object",
    around: "fn is_email(text: &String) -> bool { text.contains('@') }",
    by_macro: r"
        #[derive(bailiwick::ValueObject, Debug, Clone)]
        #[value(check = is_email)]
        pub struct Email(String);",
    by_hand: r#"
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct Email(String);
        impl bailiwick::ValueObject for Email {
            type Raw = String;
            fn new(raw: String) -> Result<Self, bailiwick::Invalid> {
                if is_email(&raw) { Ok(Self(raw)) } else { Err(bailiwick::Invalid::new("Email", "no address")) }
            }
        }
        impl TryFrom<String> for Email {
            type Error = bailiwick::Invalid;
            fn try_from(raw: String) -> Result<Self, bailiwick::Invalid> {
                bailiwick::ValueObject::new(raw)
            }
        }
        impl AsRef<String> for Email {
            fn as_ref(&self) -> &String {
                &self.0
            }
        }
        impl From<Email> for String {
            fn from(value: Email) -> Self {
                value.0
            }
        }
        impl std::fmt::Display for Email {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }"#,
};

const STATE: Uses = Uses {
    name: "derive(State)",
    package: "state",
    around: "",
    by_macro: r#"
        #[derive(bailiwick::State, Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Status {
            #[state(initial)]
            Pending,
            Paid,
            #[state(alias = "sent")]
            Shipped,
            #[state(terminal)]
            Cancelled,
        }"#,
    by_hand: r#"
        use std::borrow::Cow;
        use bailiwick::state_machine::{State, StateNode, UnknownState};
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Status {
            Pending,
            Paid,
            Shipped,
            Cancelled,
        }
        const fn node(name: &'static str, variant: &'static str, marks: [bool; 2], aliases: &'static [Cow<'static, str>]) -> StateNode {
            let [initial, terminal] = marks;
            let (name, variant, aliases) = (Cow::Borrowed(name), Cow::Borrowed(variant), Cow::Borrowed(aliases));
            StateNode { name, variant, initial, terminal, external: false, aliases }
        }
        impl State for Status {
            const ALL: &'static [Self] = &[Self::Pending, Self::Paid, Self::Shipped, Self::Cancelled];
            const INITIAL: Self = Self::Pending;
            const FACTS: &'static [StateNode] = &[
                node("pending", "Pending", [true, false], &[]),
                node("paid", "Paid", [false, false], &[]),
                node("shipped", "Shipped", [false, false], &[Cow::Borrowed("sent")]),
                node("cancelled", "Cancelled", [false, true], &[]),
            ];
            fn index(self) -> usize {
                self as usize
            }
            fn name(self) -> &'static str {
                match self {
                    Self::Pending => "pending",
                    Self::Paid => "paid",
                    Self::Shipped => "shipped",
                    Self::Cancelled => "cancelled",
                }
            }
            fn from_name(text: &str) -> Result<Self, UnknownState> {
                match text {
                    "pending" => Ok(Self::Pending),
                    "paid" => Ok(Self::Paid),
                    "shipped" | "sent" => Ok(Self::Shipped),
                    "cancelled" => Ok(Self::Cancelled),
                    _ => {
                        let known = vec!["pending", "paid", "shipped", "cancelled"];
                        Err(UnknownState::new("Status", "status/unknown_state", text, known))
                    }
                }
            }
        }
        impl std::fmt::Display for Status {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
        impl std::str::FromStr for Status {
            type Err = UnknownState;
            fn from_str(text: &str) -> Result<Self, UnknownState> {
                Self::from_name(text)
            }
        }
        impl serde::Serialize for Status {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
        impl<'de> serde::Deserialize<'de> for Status {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_name(&text).map_err(serde::de::Error::custom)
            }
        }"#,
};

const ENTITY: Uses = Uses {
    name: "derive(Entity)",
    package: "entity",
    around: "use bailiwick::{TenantId, Timestamp, Uuid, Version, actor::ActorId, entity::Entity};",
    by_macro: r#"
        #[derive(Entity, Debug, Clone)]
        #[entity(table = "order§", unique(number))]
        pub struct Order {
            #[id]
            pub id: Uuid,
            #[tenant]
            pub tenant: TenantId,
            #[col(filter, sort, max = 32, immutable)]
            pub number: String,
            #[col(filter(contains), max = 200)]
            pub label: Option<String>,
            #[col(filter, sort)]
            pub cents: i64,
            pub note: Option<String>,
            #[version]
            pub version: Version,
            #[created_at]
            pub created_at: Timestamp,
            #[updated_by]
            pub updated_by: Option<ActorId>,
        }"#,
    by_hand: r#"
        use bailiwick::entity::{
            Changes, ColumnDef, ColumnType, Compare, EntityId, Field, Key, Kind, NoSort, Patch, Pattern, Role, RowReader, Sort,
            Stamps, Table, TenantEntity, UniqueKey, Value, Versioned,
        };
        #[derive(Debug, Clone)]
        pub struct Order {
            pub id: Uuid,
            pub tenant: TenantId,
            pub number: String,
            pub label: Option<String>,
            pub cents: i64,
            pub note: Option<String>,
            pub version: Version,
            pub created_at: Timestamp,
            pub updated_by: Option<ActorId>,
        }
        pub struct NewOrder {
            pub id: Option<Uuid>,
            pub number: String,
            pub label: Option<String>,
            pub cents: i64,
            pub note: Option<String>,
        }
        #[derive(Debug, Clone, Default)]
        pub struct OrderPatch(Changes<Order>);
        impl Entity for Order {
            type Id = Uuid;
            type New = NewOrder;
            type Patch = OrderPatch;
            const TABLE: &'static Table = &Table::new(
                "Order",
                "order§",
                &[
                    ColumnDef::of::<Uuid>("id").role(Role::Id),
                    ColumnDef::of::<TenantId>("tenant").role(Role::Tenant),
                    ColumnDef::of::<String>("number").max(32).filter().sort().immutable(),
                    ColumnDef::of::<Option<String>>("label").max(200).pattern(),
                    ColumnDef::of::<i64>("cents").filter().sort(),
                    ColumnDef::of::<Option<String>>("note"),
                    ColumnDef::of::<Version>("version").role(Role::Version),
                    ColumnDef::of::<Timestamp>("created_at").role(Role::CreatedAt),
                    ColumnDef::of::<Option<ActorId>>("updated_by").role(Role::UpdatedBy),
                ],
            )
            .keys(&[Key { columns: &[1, 2] }]);
            fn create(new: NewOrder, stamps: &Stamps) -> Result<Self, bailiwick::Error> {
                Ok(Self {
                    id: EntityId::settle(new.id, stamps.fresh),
                    tenant: stamps.tenant()?,
                    number: new.number,
                    label: new.label,
                    cents: new.cents,
                    note: new.note,
                    version: stamps.version,
                    created_at: stamps.at,
                    updated_by: stamps.actor.clone(),
                })
            }
            fn read(row: &mut RowReader<'_>) -> Result<Self, bailiwick::Error> {
                Ok(Self {
                    id: row.take()?,
                    tenant: row.take()?,
                    number: row.take()?,
                    label: row.take()?,
                    cents: row.take()?,
                    note: row.take()?,
                    version: row.take()?,
                    created_at: row.take()?,
                    updated_by: row.take()?,
                })
            }
            fn id(&self) -> &Uuid {
                &self.id
            }
            fn value(&self, place: usize) -> Value<'_> {
                match place {
                    0 => self.id.to_value(),
                    1 => self.tenant.to_value(),
                    2 => self.number.to_value(),
                    3 => self.label.to_value(),
                    4 => self.cents.to_value(),
                    5 => self.note.to_value(),
                    6 => self.version.to_value(),
                    7 => self.created_at.to_value(),
                    8 => self.updated_by.to_value(),
                    _ => Value::Null(Kind::Text),
                }
            }
            fn stamp(&mut self, stamps: &Stamps) {
                self.version = stamps.version;
                self.updated_by = stamps.actor.clone();
            }
        }
        impl TenantEntity for Order {}
        impl Versioned for Order {
            fn version(&self) -> Version {
                self.version
            }
        }
        impl Order {
            pub const fn id() -> Field<Self, Uuid, Compare, Sort> {
                Field::at(0)
            }
            pub const fn number() -> Field<Self, String, Compare, Sort> {
                Field::at(2)
            }
            pub const fn label() -> Field<Self, Option<String>, Pattern, NoSort> {
                Field::at(3)
            }
            pub const fn cents() -> Field<Self, i64, Compare, Sort> {
                Field::at(4)
            }
            pub const fn created_at() -> Field<Self, Timestamp, Compare, Sort> {
                Field::at(7)
            }
            pub const fn unique_number() -> UniqueKey<Self> {
                UniqueKey::at(0)
            }
        }
        impl OrderPatch {
            pub const fn new() -> Self {
                Self(Changes::new())
            }
            pub fn label(self, label: Option<String>) -> Self {
                Self(self.0.with(3, label.to_value()))
            }
            pub fn cents(self, cents: i64) -> Self {
                Self(self.0.with(4, cents.to_value()))
            }
            pub fn note(self, note: Option<String>) -> Self {
                Self(self.0.with(5, note.to_value()))
            }
        }
        impl Patch for OrderPatch {
            type Entity = Order;
            fn changes(&self) -> &[(usize, Value<'static>)] {
                self.0.all()
            }
        }"#,
};

const AGGREGATE: Uses = Uses {
    name: "#[aggregate]",
    package: "aggregate",
    around: r#"
        #[derive(bailiwick::Event, Debug, Clone, serde::Serialize, serde::Deserialize)]
        pub enum AccountEvent {
            #[event(name = "account§.opened")]
            Opened { owner: String },
            #[event(name = "account§.deposited")]
            Deposited { cents: u64 },
        }
        #[derive(bailiwick::Command, Debug, Clone)]
        pub struct Open {
            #[target]
            pub account: String,
            pub owner: String,
        }
        #[derive(bailiwick::Command, Debug, Clone)]
        pub struct Deposit {
            #[target]
            pub account: String,
            pub cents: u64,
        }
        #[derive(Debug, thiserror::Error)]
        pub enum AccountError {
            #[error("zero")]
            Zero,
        }
        #[derive(Default, Debug)]
        pub struct Account {
            owner: String,
            cents: u64,
        }"#,
    by_macro: r#"
        #[bailiwick::aggregate(name = "account§", id = String, event = AccountEvent, error = AccountError)]
        impl Account {
            #[handle(create)]
            fn open(command: Open) -> Result<AccountEvent, AccountError> {
                Ok(AccountEvent::Opened { owner: command.owner })
            }
            #[handle]
            fn deposit(&self, command: Deposit) -> Result<AccountEvent, AccountError> {
                if command.cents == 0 { Err(AccountError::Zero) } else { Ok(AccountEvent::Deposited { cents: command.cents }) }
            }
            #[apply(Opened)]
            fn on_opened(&mut self, owner: &str) {
                self.owner = owner.into();
            }
            #[apply(Deposited)]
            fn on_deposited(&mut self, cents: &u64) {
                self.cents += cents;
            }
        }"#,
    by_hand: r#"
        impl bailiwick::Aggregate for Account {
            type Id = String;
            type Event = AccountEvent;
            type Error = AccountError;
            const NAME: &'static str = "account§";
            fn apply(&mut self, event: &AccountEvent) {
                match event {
                    AccountEvent::Opened { owner } => self.owner = owner.into(),
                    AccountEvent::Deposited { cents } => self.cents += cents,
                }
            }
        }
        impl bailiwick::command::Handled for Open {
            type Output = ();
            type Error = AccountError;
            type Home = Account;
            const REGISTER: &'static str = ".aggregate::<Account>()";
        }
        impl bailiwick::command::Handled for Deposit {
            type Output = ();
            type Error = AccountError;
            type Home = Account;
            const REGISTER: &'static str = ".aggregate::<Account>()";
        }
        impl bailiwick::aggregate::Decide<Open> for Account {
            const CREATION: bailiwick::aggregate::Creation = bailiwick::aggregate::Creation::New;
            fn decide(&self, command: Open) -> Result<Vec<AccountEvent>, AccountError> {
                Ok(vec![AccountEvent::Opened { owner: command.owner }])
            }
        }
        impl bailiwick::aggregate::Decide<Deposit> for Account {
            const CREATION: bailiwick::aggregate::Creation = bailiwick::aggregate::Creation::Existing;
            fn decide(&self, command: Deposit) -> Result<Vec<AccountEvent>, AccountError> {
                let cents = command.cents;
                if cents == 0 { Err(AccountError::Zero) } else { Ok(vec![AccountEvent::Deposited { cents }]) }
            }
        }
        impl bailiwick::mediator::AggregateHome for Account {
            fn register<R: bailiwick::mediator::AggregateRegistrar<Self>>(registrar: &mut R) {
                registrar.decides::<Open>();
                registrar.decides::<Deposit>();
            }
        }"#,
};

const COMMAND: Uses = Uses {
    name: "#[command]",
    package: "command",
    around: r#"
        #[derive(bailiwick::Command, Debug, Clone)]
        pub struct Archive {
            pub meeting: u64,
        }
        #[derive(Debug, thiserror::Error)]
        pub enum ArchiveError {
            #[error("zero")]
            Zero,
        }"#,
    by_macro: r"
        #[bailiwick::command]
        impl Archive {
            #[validate]
            fn check(&self) -> Result<(), ArchiveError> {
                if self.meeting == 0 { Err(ArchiveError::Zero) } else { Ok(()) }
            }
            #[execute]
            async fn run(&self, _cx: &mut bailiwick::Context) -> Result<u64, ArchiveError> {
                Ok(self.meeting)
            }
        }",
    by_hand: r#"
        impl bailiwick::command::Handled for Archive {
            type Output = u64;
            type Error = ArchiveError;
            type Home = Archive;
            const REGISTER: &'static str = ".command::<Archive>()";
            fn validate(&self) -> Result<(), ArchiveError> {
                if self.meeting == 0 { Err(ArchiveError::Zero) } else { Ok(()) }
            }
        }
        impl bailiwick::mediator::Operation for Archive {
            fn register<R: bailiwick::mediator::OperationRegistrar<Self>>(registrar: &mut R) {
                registrar.plain();
            }
            async fn execute(&self, _cx: &mut bailiwick::Context<'_>) -> Result<u64, ArchiveError> {
                Ok(self.meeting)
            }
        }"#,
};

const SERVICE: Uses = Uses {
    name: "#[service]",
    package: "service",
    around: r#"
        #[derive(bailiwick::Command, Debug, Clone)]
        pub struct Join {
            pub meeting: u64,
        }
        #[derive(bailiwick::Query, Debug, Clone)]
        pub struct Link {
            pub meeting: u64,
        }
        #[derive(Debug, thiserror::Error)]
        pub enum MeetingError {
            #[error("zero")]
            Zero,
        }
        pub struct Meetings {
            links: u64,
        }"#,
    by_macro: r"
        #[bailiwick::service]
        impl Meetings {
            #[handle]
            async fn join(&self, command: Join, _cx: &mut bailiwick::Context) -> Result<(), MeetingError> {
                if command.meeting == 0 { Err(MeetingError::Zero) } else { Ok(()) }
            }
            #[handle]
            async fn link(&self, query: Link, _cx: &bailiwick::Context) -> Result<u64, MeetingError> {
                Ok(self.links + query.meeting)
            }
        }",
    by_hand: r#"
        impl bailiwick::command::Handled for Join {
            type Output = ();
            type Error = MeetingError;
            type Home = Meetings;
            const REGISTER: &'static str = ".service(Meetings { .. })";
        }
        impl bailiwick::command::Handled for Link {
            type Output = u64;
            type Error = MeetingError;
            type Home = Meetings;
            const REGISTER: &'static str = ".service(Meetings { .. })";
        }
        impl bailiwick::mediator::HandleCommand<Join> for Meetings {
            async fn handle(&self, command: Join, _cx: &mut bailiwick::Context<'_>) -> Result<(), MeetingError> {
                if command.meeting == 0 { Err(MeetingError::Zero) } else { Ok(()) }
            }
        }
        impl bailiwick::mediator::HandleQuery<Link> for Meetings {
            async fn handle(&self, query: Link, _cx: &bailiwick::Context<'_>) -> Result<u64, MeetingError> {
                Ok(self.links + query.meeting)
            }
        }
        impl bailiwick::Service for Meetings {
            const NAME: &'static str = "meetings";
            fn register<R: bailiwick::mediator::ServiceRegistrar<Self>>(registrar: &mut R) {
                registrar.command::<Join>();
                registrar.query::<Link>();
            }
        }"#,
};

const PROJECTION: Uses = Uses {
    name: "#[projection]",
    package: "projection",
    around: r#"
        #[derive(bailiwick::Event, Debug, Clone, serde::Serialize, serde::Deserialize)]
        #[event(name = "order§.paid")]
        pub struct Paid {
            pub month: String,
            pub cents: u64,
        }
        #[derive(Default, serde::Serialize, serde::Deserialize)]
        pub struct Revenue {
            cents: u64,
        }
        const REVENUE: bailiwick::ReadModel<Revenue> = bailiwick::ReadModel::new("revenue§");
        pub struct ByMonth;"#,
    by_macro: r#"
        #[bailiwick::projection(name = "by_month§", version = 1)]
        impl ByMonth {
            #[project]
            async fn paid(
                &self,
                event: &bailiwick::Recorded<Paid>,
                tx: &mut bailiwick::Transaction,
            ) -> Result<(), bailiwick::Error> {
                let cents = event.cents;
                tx.update(REVENUE, event.month.clone(), move |row| row.cents += cents);
                Ok(())
            }
        }"#,
    by_hand: r#"
        impl bailiwick::Projection for ByMonth {
            const NAME: &'static str = "by_month§";
            const VERSION: u32 = 1;
            const MODE: bailiwick::projection::Mode = bailiwick::projection::Mode::Async;
            const EVENTS: &'static [&'static [bailiwick::event::EventSpec]] = &[<Paid as bailiwick::Event>::SPECS];
            async fn project(
                &self,
                stored: &bailiwick::envelope::StoredEvent,
                tx: &mut bailiwick::Transaction,
            ) -> Result<(), bailiwick::BoxError> {
                if let Some(event) = bailiwick::event::read_stored::<Paid>(stored)? {
                    let cents = event.cents;
                    tx.update(REVENUE, event.month.clone(), move |row| row.cents += cents);
                }
                Ok(())
            }
        }"#,
};
