//! The statements written by hand, through sqlx: from a pool of four, and on a connection that is held.

use bailiwick::Uuid;
use sqlx::{
    Acquire as _, ColumnIndex, Decode, FromRow, PgConnection, PgPool, Postgres, QueryBuilder, Row, Sqlite,
    SqliteConnection, SqlitePool, Type,
};

use super::{
    order::{By, EACH, Line, Orders, PAGE, columns, sum},
    place::Place,
};

/// A row as a struct.
#[allow(dead_code, reason = "it is read whole, as users do")]
pub struct Order {
    id: Uuid,
    tenant: String,
    number: String,
    customer: i64,
    total: i64,
    label: Option<String>,
    placed_on: i64,
    version: i64,
}

impl<'r, R: Row> FromRow<'r, R> for Order
where
    usize: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get(0)?,
            tenant: row.try_get(1)?,
            number: row.try_get(2)?,
            customer: row.try_get(3)?,
            total: row.try_get(4)?,
            label: row.try_get(5)?,
            placed_on: row.try_get(6)?,
            version: row.try_get(7)?,
        })
    }
}

fn sum_of(orders: &[Order]) -> u64 {
    sum(orders.iter().map(|order| (order.customer, order.total)))
}

/// What is made of a page, of which one row more was read.
fn sum_of_page(mut orders: Vec<Order>) -> u64 {
    assert_eq!(orders.len() as u64, PAGE + 1);
    orders.pop();
    sum_of(&orders)
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM orders WHERE tenant = $1 ", $rest)
    };
}

const GET: &str = select!("AND id = $2");
const LIST: &str = select!("AND customer = $2 ORDER BY id LIMIT $3");
const NEWEST: &str = select!("AND (placed_on, id) < ($2, $3) ORDER BY placed_on DESC, id DESC LIMIT $4");
const MIXED: &str = select!(
    "AND placed_on <= $2 AND (placed_on < $2 OR (placed_on = $2 AND total >= $4 AND (total > $4 OR id > $3))) \
     ORDER BY placed_on DESC, total, id LIMIT $5"
);
const NEWEST_PASSED: &str = select!("ORDER BY placed_on DESC, id DESC LIMIT $2 OFFSET $3");
const MIXED_PASSED: &str = select!("ORDER BY placed_on DESC, total, id LIMIT $2 OFFSET $3");
const COUNT: &str = "SELECT count(*) FROM orders WHERE tenant = $1";
const INSERT: &str = concat!("INSERT INTO orders (", columns!(), ") ");
const INSERT_ONE: &str = concat!("INSERT INTO orders (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

/// What is done by hand alone.
pub trait ByHand: Orders {
    /// The page after so many rows, by offset, and one row more; answers its sum.
    async fn offset(&mut self, passed: u64) -> u64;

    /// Begins a transaction and rolls it back.
    async fn nothing(&mut self);
}

/// The sides of one database and one way to a connection.
macro_rules! by_hand {
    ($name:ident, $told:literal, $database:ty, $on:ty, $open:expr, $rows:literal, |$side:ident| $executor:expr) => {
        pub struct $name {
            on: $on,
            tenant: String,
            after: Option<(By, Order)>,
        }

        impl $name {
            /// The rows after so many that are passed over.
            async fn passed(&mut self, by: By, passed: u64, rows: u64) -> Vec<Order> {
                let $side = self;
                let text = if by == By::Newest { NEWEST_PASSED } else { MIXED_PASSED };
                let query = sqlx::query_as(text).bind(&$side.tenant).bind(rows.cast_signed());
                query.bind(passed.cast_signed()).fetch_all($executor).await.unwrap()
            }

            async fn insert_one(&mut self, line: &Line) -> u64 {
                let $side = self;
                let query = sqlx::query(INSERT_ONE).bind(Uuid::now_v7()).bind(&$side.tenant).bind(&line.number);
                let query = query.bind(line.customer).bind(line.total).bind(&line.label).bind(line.placed_on);
                query.bind(1_i64).execute($executor).await.unwrap().rows_affected()
            }
        }

        impl ByHand for $name {
            async fn offset(&mut self, passed: u64) -> u64 {
                sum_of_page(self.passed(By::Newest, passed, PAGE + 1).await)
            }

            async fn nothing(&mut self) {
                self.on.begin().await.unwrap().rollback().await.unwrap();
            }
        }

        impl Orders for $name {
            const NAME: &'static str = $told;

            async fn open(place: &Place, tenant: &str) -> Self {
                Self { on: $open(place).await, tenant: tenant.into(), after: None }
            }

            async fn get(&mut self, id: Uuid) -> u64 {
                let $side = self;
                sum_of(&[sqlx::query_as(GET).bind(&$side.tenant).bind(id).fetch_one($executor).await.unwrap()])
            }

            async fn list(&mut self, customer: i64) -> u64 {
                let $side = self;
                let query = sqlx::query_as(LIST).bind(&$side.tenant).bind(customer).bind(EACH);
                sum_of(&query.fetch_all($executor).await.unwrap())
            }

            async fn insert(&mut self, lines: Vec<Line>) -> u64 {
                if let [line] = &lines[..] {
                    return self.insert_one(line).await;
                }
                let (tenant, mut rows, mut transaction) = (&self.tenant, 0, self.on.begin().await.unwrap());
                for lines in lines.chunks($rows) {
                    let mut builder = QueryBuilder::<$database>::new(INSERT);
                    builder.push_values(lines, |mut row, line| {
                        row.push_bind(Uuid::now_v7()).push_bind(tenant).push_bind(&line.number);
                        row.push_bind(line.customer).push_bind(line.total).push_bind(&line.label);
                        row.push_bind(line.placed_on).push_bind(1_i64);
                    });
                    rows += builder.build().execute(&mut *transaction).await.unwrap().rows_affected();
                }
                transaction.commit().await.unwrap();
                rows
            }

            async fn go_to(&mut self, by: By, passed: u64) {
                self.after = self.passed(by, passed - 1, 1).await.pop().map(|order| (by, order));
            }

            async fn page(&mut self) -> u64 {
                let $side = self;
                let (by, last) = $side.after.as_ref().unwrap();
                let text = if *by == By::Newest { NEWEST } else { MIXED };
                let mut query = sqlx::query_as(text).bind(&$side.tenant).bind(last.placed_on).bind(last.id);
                if *by == By::Mixed {
                    query = query.bind(last.total);
                }
                sum_of_page(query.bind(PAGE.cast_signed() + 1).fetch_all($executor).await.unwrap())
            }

            async fn numbered(&mut self, passed: u64) -> u64 {
                let sum = sum_of(&self.passed(By::Newest, passed, PAGE).await);
                let $side = self;
                let all: i64 = sqlx::query_scalar(COUNT).bind(&$side.tenant).fetch_one($executor).await.unwrap();
                assert!(all > 0);
                sum
            }
        }
    };
}

// A statement takes 32,766 values on SQLite, 65,535 on PostgreSQL; held, it is one of a hundred rows that is kept.
by_hand!(SqlitePooled, "base", Sqlite, SqlitePool, sqlite_pool, 4_000, |side| &side.on);
by_hand!(SqliteHeld, "held", Sqlite, SqliteConnection, sqlite_held, 100, |side| &mut side.on);
by_hand!(PostgresPooled, "base", Postgres, PgPool, postgres_pool, 8_000, |side| &side.on);
by_hand!(PostgresHeld, "held", Postgres, PgConnection, postgres_held, 100, |side| &mut side.on);

async fn sqlite_pool(place: &Place) -> SqlitePool {
    place.file().pool(4).await
}

async fn sqlite_held(place: &Place) -> SqliteConnection {
    place.file().held().await
}

async fn postgres_pool(place: &Place) -> PgPool {
    place.schema().pool(4).await
}

async fn postgres_held(place: &Place) -> PgConnection {
    place.schema().held().await
}
