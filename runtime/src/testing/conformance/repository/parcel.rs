//! The entity of the cases: a column of each sort that databases read in different ways.

use crate::{
    entity::{
        Changes, ColumnDef, ColumnType, Compare, Entity, Field, Key, NoSort, Patch, Pattern, Role, RowReader,
        SoftDelete, Sort, Stamps, Table, TenantEntity, UniqueKey, Value, Versioned,
    },
    error::Error,
    id::Uuid,
    tenant::TenantId,
    timestamp::Timestamp,
    version::Version,
};

/// A row of a tenant, with a version, that is soft-deleted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parcel {
    pub(super) id: Uuid,
    pub(super) tenant: TenantId,
    pub(super) number: String,
    pub(super) label: Option<String>,
    pub(super) pieces: Option<i64>,
    pub(super) weight: f64,
    pub(super) gift: bool,
    pub(super) version: Version,
    pub(super) deleted_at: Option<Timestamp>,
}

/// A new one; its id is made from `number`, so that it is the same in each database.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub(super) number: u32,
    pub(super) label: Option<String>,
    pub(super) pieces: Option<i64>,
    pub(super) weight: f64,
    pub(super) gift: bool,
}

impl New {
    pub(super) const fn plain(number: u32) -> Self {
        Self { number, label: None, pieces: None, weight: 0.5, gift: false }
    }

    pub(super) fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.number.wrapping_mul(2_654_435_761)) << 64 | 7)
    }
}

pub(super) struct Change(Changes<Parcel>);

impl Change {
    pub(super) fn pieces(pieces: Option<i64>) -> Self {
        Self(Changes::new().with(place::PIECES, pieces.to_value()))
    }
}

impl Patch for Change {
    type Entity = Parcel;

    fn changes(&self) -> &[(usize, Value<'static>)] {
        self.0.all()
    }
}

pub(super) mod place {
    pub(in super::super) const TENANT: usize = 1;
    pub(in super::super) const NUMBER: usize = 2;
    pub(in super::super) const LABEL: usize = 3;
    pub(in super::super) const PIECES: usize = 4;
    pub(in super::super) const WEIGHT: usize = 5;
    pub(in super::super) const GIFT: usize = 6;
}

impl Parcel {
    pub(super) const fn number() -> Field<Self, String, Compare, Sort> {
        Field::at(place::NUMBER)
    }

    pub(super) const fn label() -> Field<Self, Option<String>, Pattern, Sort> {
        Field::at(place::LABEL)
    }

    pub(super) const fn pieces() -> Field<Self, Option<i64>, Compare, Sort> {
        Field::at(place::PIECES)
    }

    pub(super) const fn weight() -> Field<Self, f64, Compare, Sort> {
        Field::at(place::WEIGHT)
    }

    pub(super) const fn gift() -> Field<Self, bool, Compare, NoSort> {
        Field::at(place::GIFT)
    }

    pub(super) const fn unique_number() -> UniqueKey<Self> {
        UniqueKey::at(0)
    }
}

const COLUMNS: &[ColumnDef] = &[
    ColumnDef::of::<Uuid>("id").role(Role::Id),
    ColumnDef::of::<TenantId>("tenant").role(Role::Tenant),
    ColumnDef::of::<String>("number").max(40).filter().sort(),
    ColumnDef::of::<Option<String>>("label").max(80).pattern().sort(),
    ColumnDef::of::<Option<i64>>("pieces").filter().sort(),
    ColumnDef::of::<f64>("weight").filter().sort(),
    ColumnDef::of::<bool>("gift").filter(),
    ColumnDef::of::<Version>("version").role(Role::Version),
    ColumnDef::of::<Option<Timestamp>>("deleted_at").role(Role::DeletedAt),
];

const TABLE: Table =
    Table::new("Parcel", "conformance_parcel", COLUMNS).keys(&[Key { columns: &[place::TENANT, place::NUMBER] }]);

impl Entity for Parcel {
    type Id = Uuid;
    type New = New;
    type Patch = Change;
    const TABLE: &'static Table = &TABLE;

    fn create(new: New, stamps: &Stamps) -> Result<Self, Error> {
        let (id, tenant, number) = (new.id(), stamps.tenant()?, format!("P-{:05}", new.number));
        let New { label, pieces, weight, gift, .. } = new;
        Ok(Self { id, tenant, number, label, pieces, weight, gift, version: stamps.version, deleted_at: None })
    }

    fn read(row: &mut RowReader<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.take()?,
            tenant: row.take()?,
            number: row.take()?,
            label: row.take()?,
            pieces: row.take()?,
            weight: row.take()?,
            gift: row.take()?,
            version: row.take()?,
            deleted_at: row.take()?,
        })
    }

    fn id(&self) -> &Uuid {
        &self.id
    }

    fn value(&self, place: usize) -> Value<'_> {
        match place {
            0 => self.id.to_value(),
            place::TENANT => self.tenant.to_value(),
            place::NUMBER => self.number.to_value(),
            place::LABEL => self.label.to_value(),
            place::PIECES => self.pieces.to_value(),
            place::WEIGHT => self.weight.to_value(),
            place::GIFT => self.gift.to_value(),
            7 => self.version.to_value(),
            _ => self.deleted_at.to_value(),
        }
    }

    fn stamp(&mut self, stamps: &Stamps) {
        self.version = stamps.version;
    }
}

impl TenantEntity for Parcel {}
impl SoftDelete for Parcel {}

impl Versioned for Parcel {
    fn version(&self) -> Version {
        self.version
    }
}
