//! The table of orders: what lies in it, and what a read of it must find.

use std::cmp::Reverse;

use bailiwick::{Id, TenantId, Uuid, Version, entity::Entity, repository::Migrations};

#[derive(Id)]
pub struct OrderId(Uuid);

#[derive(Entity, Debug)]
#[entity(table = "orders", index(customer, id), index(-placed_on, -id), index(-placed_on, total, id))]
pub struct Order {
    #[id]
    pub id: OrderId,
    #[tenant]
    pub tenant: TenantId,
    #[col(max = 32)]
    pub number: String,
    #[col(filter)]
    pub customer: i64,
    #[col(filter, sort)]
    pub total: i64,
    #[col(max = 200)]
    pub label: Option<String>,
    #[col(filter, sort)]
    pub placed_on: i64,
    #[version]
    pub version: Version,
}

/// Its columns, for the statements by hand.
macro_rules! columns {
    () => {
        "id, tenant, number, customer, total, label, placed_on, version"
    };
}
pub(crate) use columns;

pub fn table() -> Migrations {
    Migrations::new().ddl::<Order>("0001_orders")
}

/// Rows in the table, numbered from 1, of one tenant.
pub const ROWS: i64 = 300_000;
/// The tenant.
pub const TENANT: &str = "acme";
/// Rows of each customer.
pub const EACH: i64 = 100;
/// Rows of a page.
pub const PAGE: u64 = 20;

/// Fills the table; `NUMBERS` gives `i`, and `ID` makes an id of it.
pub const FILL: &str = concat!(
    "INSERT INTO orders (",
    columns!(),
    ") SELECT ID, 'acme', 'A-' || i, i / 100, i % 1000, CASE WHEN i % 2 = 0 THEN 'label of ' || i END, \
     1700000000000000 + i / 4 * 1000000, 1 FROM NUMBERS"
);

/// The id of a row.
pub fn id(number: i64) -> Uuid {
    Uuid::from_u128(u128::from(number.unsigned_abs()) << 64 | 7)
}

/// The sort keys of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// `placed_on DESC, id DESC`.
    Newest,
    /// `placed_on DESC, total, id`.
    Mixed,
}

/// What is made of rows, in their order, from customer and total.
pub fn sum(rows: impl IntoIterator<Item = (i64, i64)>) -> u64 {
    let each = |(customer, total): (i64, i64)| (customer * 1_000 + total).unsigned_abs();
    (1..).zip(rows).map(|(place, row)| place * each(row)).sum()
}

fn sum_of(numbers: impl IntoIterator<Item = i64>) -> u64 {
    sum(numbers.into_iter().map(|number| (number / EACH, number % 1_000)))
}

/// What is made of the row with this number.
pub fn sum_of_one(number: i64) -> u64 {
    sum_of([number])
}

/// What is made of the rows of a customer, by id.
pub fn sum_of_list(customer: i64) -> u64 {
    sum_of(customer * EACH..(customer + 1) * EACH)
}

/// What is made of the page after so many rows.
pub fn sum_of_page(by: By, passed: u64) -> u64 {
    let mut numbers: Vec<i64> = (1..=ROWS).collect();
    match by {
        By::Newest => numbers.sort_by_key(|number| Reverse((number / 4, *number))),
        By::Mixed => numbers.sort_by_key(|number| (Reverse(number / 4), number % 1_000, *number)),
    }
    sum_of(numbers.into_iter().skip(usize::try_from(passed).unwrap()).take(usize::try_from(PAGE).unwrap()))
}

/// A row to be inserted. Each side makes its id.
#[derive(Debug, Clone)]
pub struct Line {
    pub number: String,
    pub customer: i64,
    pub total: i64,
    pub label: Option<String>,
    pub placed_on: i64,
}

/// The rows to be inserted after so many.
pub fn lines(after: u64, rows: u64) -> Vec<Line> {
    let line = |number: i64| Line {
        number: format!("B-{number}"),
        customer: number / EACH,
        total: number % 1_000,
        label: (number % 2 == 0).then(|| format!("label of {number}")),
        placed_on: 1_800_000_000_000_000 + number / 4 * 1_000_000,
    };
    (after + 1..=after + rows).map(|number| line(i64::try_from(number).unwrap())).collect()
}

/// What is asked of every side.
pub trait Orders: Sized + 'static {
    const NAME: &'static str;

    /// The orders of a tenant.
    async fn open(place: &super::place::Place, tenant: &str) -> Self;

    /// Reads a row; answers its [`sum`].
    async fn get(&mut self, id: Uuid) -> u64;

    /// Reads the rows of a customer by id; answers their [`sum`].
    async fn list(&mut self, customer: i64) -> u64;

    /// Inserts rows in one transaction and answers how many.
    async fn insert(&mut self, lines: Vec<Line>) -> u64;

    /// Goes to the place after so many rows, which are whole thousands.
    async fn go_to(&mut self, by: By, passed: u64);

    /// Reads the page after that place, and whether there is another one; answers its [`sum`].
    async fn page(&mut self) -> u64;

    /// Reads the page after so many of the newest, by offset, and counts all rows.
    async fn numbered(&mut self, passed: u64) -> u64;
}
