//! Entities.

use bailiwick::{
    Error, Id, TenantId, Timestamp, Uuid, Version,
    entity::{
        AsI64, AsJson, Cells, Changes, ColumnDef, ColumnType, Compare, Entity, EntityId, Field, Index, Key, Kind,
        NoSort, Patch, Relation, Role, RowReader, Sort, Stamps, Table, TenantEntity, UniqueKey, Value, Versioned,
    },
};

#[derive(Id)]
struct RoomId(Uuid);

#[derive(Entity)]
#[entity(table = "rooms", unique(name), index(-seats), has_many(inner: Written::within))]
struct Written {
    #[id]
    id: RoomId,
    #[tenant]
    tenant: TenantId,
    #[col(filter, sort, max = 40)]
    name: String,
    #[col(as = i64, filter)]
    seats: u64,
    #[col(filter, references(Written, as = outer))]
    within: Option<RoomId>,
    #[col(json)]
    tags: Vec<String>,
    #[version]
    version: Version,
}

struct ByHand {
    id: RoomId,
    tenant: TenantId,
    name: String,
    seats: u64,
    within: Option<RoomId>,
    tags: Vec<String>,
    version: Version,
}

struct NewByHand {
    id: Option<RoomId>,
    name: String,
    seats: u64,
    within: Option<RoomId>,
    tags: Vec<String>,
}

struct PatchByHand(Changes<ByHand>);

const TABLE: Table = Table::new(
    "Written",
    "rooms",
    &[
        ColumnDef::of::<RoomId>("id").role(Role::Id),
        ColumnDef::of::<TenantId>("tenant").role(Role::Tenant),
        ColumnDef::of::<String>("name").max(40).filter().sort(),
        ColumnDef::of::<AsI64<u64>>("seats").filter(),
        ColumnDef::of::<Option<RoomId>>("within").filter().references::<ByHand>(),
        ColumnDef::json::<Vec<String>>("tags"),
        ColumnDef::of::<Version>("version").role(Role::Version),
    ],
)
.keys(&[Key { columns: &[1, 2] }])
.indexes(&[Index { columns: &[(1, false), (3, true)] }]);

impl Entity for ByHand {
    type Id = RoomId;
    type New = NewByHand;
    type Patch = PatchByHand;
    const TABLE: &'static Table = &TABLE;

    fn create(new: NewByHand, stamps: &Stamps) -> Result<Self, Error> {
        Ok(Self {
            id: EntityId::settle(new.id, stamps.fresh),
            tenant: stamps.tenant()?,
            name: new.name,
            seats: new.seats,
            within: new.within,
            tags: new.tags,
            version: stamps.version,
        })
    }

    fn read(row: &mut RowReader<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.take()?,
            tenant: row.take()?,
            name: row.take()?,
            seats: row.take::<AsI64<u64>>()?.0,
            within: row.take()?,
            tags: row.take_json()?,
            version: row.take()?,
        })
    }

    fn id(&self) -> &RoomId {
        &self.id
    }

    fn value(&self, place: usize) -> Value<'_> {
        match place {
            0 => self.id.to_value(),
            1 => self.tenant.to_value(),
            2 => self.name.to_value(),
            3 => AsI64(self.seats).to_value().into_owned(),
            4 => self.within.to_value(),
            5 => AsJson::to_value(&self.tags),
            6 => self.version.to_value(),
            _ => Value::Null(Kind::Text),
        }
    }

    fn stamp(&mut self, stamps: &Stamps) {
        self.version = stamps.version;
    }
}

impl TenantEntity for ByHand {}

impl Versioned for ByHand {
    fn version(&self) -> Version {
        self.version
    }
}

impl Patch for PatchByHand {
    type Entity = ByHand;

    fn changes(&self) -> &[(usize, Value<'static>)] {
        self.0.all()
    }
}

impl PatchByHand {
    const fn new() -> Self {
        Self(Changes::new())
    }

    fn name(self, name: &str) -> Self {
        Self(self.0.with(2, Value::Text(name.into())))
    }

    fn seats(self, seats: u64) -> Self {
        Self(self.0.with(3, AsI64(seats).to_value()))
    }
}

impl ByHand {
    const fn name() -> Field<Self, String, Compare, Sort> {
        Field::at(2)
    }

    const fn seats() -> Field<Self, AsI64<u64>, Compare, NoSort> {
        Field::at(3)
    }

    const fn within() -> Field<Self, Option<RoomId>, Compare, NoSort> {
        Field::at(4)
    }

    const fn unique_name() -> UniqueKey<Self> {
        UniqueKey::at(0)
    }

    fn inner() -> Relation<Self, Self> {
        Relation::many(Self::within())
    }

    fn outer() -> Relation<Self, Self> {
        Relation::one(Self::within())
    }
}

struct Row(Vec<Value<'static>>);

impl Cells for Row {
    fn cell(&mut self, place: usize, _column: &ColumnDef) -> Result<Value<'_>, Error> {
        Ok(self.0[place].borrowed())
    }
}

fn stamps(tenant: Option<&str>, version: u64) -> Stamps {
    Stamps {
        at: Timestamp::from_micros(5),
        actor: None,
        tenant: tenant.map(|tenant| TenantId::new(tenant).unwrap()),
        version: Version::new(version),
        fresh: Uuid::from_u128(17),
    }
}

/// What a new row is, what is read of it, and what another write leaves.
fn rows<E: TenantEntity + Versioned<Id = RoomId>>(new: fn() -> E::New) -> Vec<String> {
    let refused = E::create(new(), &stamps(None, 1)).map(|_| ()).unwrap_err();
    let made = E::create(new(), &stamps(Some("acme"), 1)).unwrap();
    let row = |entity: &E| (0..8).map(|place| entity.value(place).into_owned()).collect::<Vec<_>>();
    let mut read = E::read(&mut RowReader::new(E::TABLE, &mut Row(row(&made)))).unwrap();
    read.stamp(&stamps(Some("acme"), 2));
    let mut broken = row(&made);
    broken[3] = Value::Int(-3);
    let broken = E::read(&mut RowReader::new(E::TABLE, &mut Row(broken))).map(|_| ()).unwrap_err();
    let (made_row, read_row) = (row(&made), row(&read));
    vec![
        refused.to_string(),
        broken.to_string(),
        format!("{made_row:?} {read_row:?} {} {:?}", made.id(), read.version()),
    ]
}

#[test]
fn entities() {
    let written = rows::<Written>(|| NewWritten {
        id: None,
        name: "Blue".into(),
        seats: 4,
        within: Some(Uuid::from_u128(3).into()),
        tags: vec!["quiet".into()],
    });
    let by_hand = rows::<ByHand>(|| NewByHand {
        id: None,
        name: "Blue".into(),
        seats: 4,
        within: Some(Uuid::from_u128(3).into()),
        tags: vec!["quiet".into()],
    });
    assert_eq!(written, by_hand);
}

/// Everything that a table says, without the addresses of functions.
fn shown(table: &Table) -> String {
    let columns = table.columns().iter().map(|column| {
        let refers = column.refers_to().map(Table::name);
        let open = (column.filtering(), column.is_sortable(), column.is_immutable(), column.is_sensitive());
        format!(
            "{} {} {:?} {:?} {:?} {open:?} {refers:?}",
            column.name(),
            column.kind(),
            column.plays(),
            column.longest(),
            column.is_nullable()
        )
    });
    let columns: Vec<String> = columns.collect();
    format!("{} {} {columns:#?} {:?} {:?}", table.entity(), table.name(), table.unique(), table.indexed())
}

#[test]
fn tables_and_columns() {
    assert_eq!(shown(Written::TABLE), shown(ByHand::TABLE));
    let written = Written::name().eq("Blue") & Written::seats().gt(3u64) | Written::within().is_null();
    let by_hand = ByHand::name().eq("Blue") & ByHand::seats().gt(3u64) | ByHand::within().is_null();
    assert_eq!((written.to_string(), written.node()), (by_hand.to_string(), by_hand.node()));
    assert_eq!(Written::unique_name().key(), ByHand::unique_name().key());
    assert_eq!(format!("{:?}", Written::inner()), format!("{:?}", ByHand::inner()));
    assert_eq!(Written::outer().places(), ByHand::outer().places());
}

#[test]
fn patches() {
    let (written, by_hand) = (WrittenPatch::new().name("Red".into()).seats(5), PatchByHand::new().name("Red").seats(5));
    assert_eq!(written.changes(), by_hand.changes());
}
