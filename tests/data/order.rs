//! An entity with a column of every sort, written by hand.

use bailiwick::{
    Error, State, Timestamp, Uuid,
    entity::{
        AsI64, ColumnDef, ColumnType, Compare, Date, Decimal, Entity, Field, NoSort, Patch, Pattern, Role, RowReader,
        Sort, Stamps, Table, Value,
    },
};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal, alias = "sent")]
    Shipped,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub id: Uuid,
    pub number: String,
    pub status: Status,
    pub total: Decimal,
    pub label: Option<String>,
    pub pieces: Option<i64>,
    pub weight: f64,
    pub paid_on: Option<Date>,
    pub placed_at: Timestamp,
    pub gift: bool,
    pub views: u64,
    pub phone: Option<String>,
    pub note: Option<String>,
}

impl Order {
    pub fn new(number: &str) -> Self {
        Self {
            id: Uuid::from_u128(7),
            number: number.into(),
            status: Status::Pending,
            total: Decimal::from(100),
            label: None,
            pieces: None,
            weight: 0.5,
            paid_on: None,
            placed_at: Timestamp::from_micros(1_700_000_000_000_000),
            gift: false,
            views: 0,
            phone: None,
            note: None,
        }
    }
}

macro_rules! fields {
    ($($name:ident: $ty:ty, $filter:ty, $sort:ty = $place:literal;)*) => {
        impl Order {
            $(pub const fn $name() -> Field<Self, $ty, $filter, $sort> {
                Field::at($place)
            })*
        }
    };
}

fields! {
    status: Status, Compare, NoSort = 2;
    total: Decimal, Compare, Sort = 3;
    label: Option<String>, Pattern, NoSort = 4;
    pieces: Option<i64>, Compare, Sort = 5;
    weight: f64, Compare, NoSort = 6;
    paid_on: Option<Date>, Compare, Sort = 7;
    gift: bool, Compare, NoSort = 9;
    views: AsI64<u64>, Compare, NoSort = 10;
    phone: Option<String>, Pattern, NoSort = 11;
}

const COLUMNS: &[ColumnDef] = &[
    ColumnDef::of::<Uuid>("id").role(Role::Id),
    ColumnDef::of::<String>("number").max(32).filter().sort(),
    ColumnDef::of::<Status>("status").filter(),
    ColumnDef::of::<Decimal>("total").decimal(18, 4).filter().sort(),
    ColumnDef::of::<Option<String>>("label").max(200).pattern(),
    ColumnDef::of::<Option<i64>>("pieces").filter().sort(),
    ColumnDef::of::<f64>("weight").filter(),
    ColumnDef::of::<Option<Date>>("paid_on").filter().sort(),
    ColumnDef::of::<Timestamp>("placed_at").filter().sort(),
    ColumnDef::of::<bool>("gift").filter(),
    ColumnDef::of::<AsI64<u64>>("views").filter(),
    ColumnDef::of::<Option<String>>("phone").max(40).pattern().sensitive(),
    ColumnDef::of::<Option<String>>("note"),
];

impl Entity for Order {
    type Id = Uuid;
    type New = Self;
    type Patch = NoChange;
    const TABLE: &'static Table = &Table::new("Order", "orders", COLUMNS);

    fn create(new: Self, _: &Stamps) -> Result<Self, Error> {
        Ok(new)
    }

    fn read(row: &mut RowReader<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.take()?,
            number: row.take()?,
            status: row.take()?,
            total: row.take()?,
            label: row.take()?,
            pieces: row.take()?,
            weight: row.take()?,
            paid_on: row.take()?,
            placed_at: row.take()?,
            gift: row.take()?,
            views: row.take::<AsI64<u64>>()?.0,
            phone: row.take()?,
            note: row.take()?,
        })
    }

    fn id(&self) -> &Uuid {
        &self.id
    }

    fn value(&self, place: usize) -> Value<'_> {
        match place {
            0 => self.id.to_value(),
            1 => self.number.to_value(),
            2 => self.status.to_value(),
            3 => self.total.to_value(),
            4 => self.label.to_value(),
            5 => self.pieces.to_value(),
            6 => self.weight.to_value(),
            7 => self.paid_on.to_value(),
            8 => self.placed_at.to_value(),
            9 => self.gift.to_value(),
            10 => AsI64(self.views).to_value().into_owned(),
            11 => self.phone.to_value(),
            _ => self.note.to_value(),
        }
    }

    fn stamp(&mut self, _: &Stamps) {}
}

#[derive(Debug)]
pub struct NoChange;

impl Patch for NoChange {
    type Entity = Order;

    fn changes(&self) -> &[(usize, Value<'static>)] {
        &[]
    }
}
