//! Diesel: on SQLite through its own r2d2, which blocks, and on PostgreSQL through diesel-async and deadpool.

/// A module with the orders of one database: how it keeps ids, how a connection is taken, and what follows a call.
macro_rules! orders {
    ($name:ident, $told:literal, $id:ident, |$this:ident| $connection:expr, $($wait:tt)*) => {
        ::diesel::table! {
            orders (id) {
                id -> $id,
                tenant -> Text,
                number -> Text,
                customer -> BigInt,
                total -> BigInt,
                label -> Nullable<Text>,
                placed_on -> BigInt,
                version -> BigInt,
            }
        }

        #[derive(Queryable, Selectable, Insertable)]
        #[diesel(table_name = orders)]
        #[allow(dead_code, reason = "it is read whole, as users do")]
        pub struct Order {
            id: Key,
            tenant: String,
            number: String,
            customer: i64,
            total: i64,
            label: Option<String>,
            placed_on: i64,
            version: i64,
        }

        fn sum_of(orders: &[Order]) -> u64 {
            sum(orders.iter().map(|order| (order.customer, order.total)))
        }

        impl $name {
            fn new(&self, line: Line) -> Order {
                let Line { number, customer, total, label, placed_on } = line;
                Order { id: key(Uuid::now_v7()), tenant: self.tenant.clone(), number, customer, total, label, placed_on, version: 1 }
            }

            /// Rows after so many that are passed over.
            async fn passed(&mut self, by: By, passed: u64, rows: u64) -> Vec<Order> {
                let $this = &*self;
                let connection = &mut $connection;
                let all = orders::table.filter(orders::tenant.eq(&$this.tenant)).select(Order::as_select());
                let all = all.limit(rows.cast_signed()).offset(passed.cast_signed());
                let newest = orders::placed_on.desc();
                match by {
                    By::Newest => all.order((newest, orders::id.desc())).load(connection) $($wait)*.unwrap(),
                    By::Mixed => {
                        let order = (newest, orders::total.asc(), orders::id.asc());
                        all.order(order).load(connection) $($wait)*.unwrap()
                    }
                }
            }
        }

        impl Orders for $name {
            const NAME: &'static str = $told;

            async fn open(place: &Place, tenant: &str) -> Self {
                let pool = pool(place);
                place.opened();
                Self { pool, tenant: tenant.into(), after: None }
            }

            async fn get(&mut self, id: Uuid) -> u64 {
                let $this = &*self;
                let connection = &mut $connection;
                let one = orders::table.find(key(id)).filter(orders::tenant.eq(&$this.tenant));
                sum_of(&[one.select(Order::as_select()).first(connection) $($wait)*.unwrap()])
            }

            async fn list(&mut self, customer: i64) -> u64 {
                let $this = &*self;
                let connection = &mut $connection;
                let all = orders::table.filter(orders::tenant.eq(&$this.tenant)).filter(orders::customer.eq(customer));
                let all = all.order(orders::id).limit(100).select(Order::as_select());
                let found: Vec<Order> = all.load(connection) $($wait)*.unwrap();
                sum_of(&found)
            }

            async fn insert(&mut self, lines: Vec<Line>) -> u64 {
                let new: Vec<Order> = lines.into_iter().map(|line| self.new(line)).collect();
                let $this = &*self;
                let connection = &mut $connection;
                if let [one] = &new[..] {
                    let insert = ::diesel::insert_into(orders::table).values(one);
                    return insert.execute(connection) $($wait)*.unwrap() as u64;
                }
                insert_all(connection, &new) $($wait)*.unwrap()
            }

            async fn go_to(&mut self, by: By, passed: u64) {
                self.after = self.passed(by, passed - 1, 1).await.pop().map(|last| (by, last));
            }

            async fn page(&mut self) -> u64 {
                let $this = &*self;
                let connection = &mut $connection;
                let (by, last) = $this.after.as_ref().unwrap();
                let all = orders::table.filter(orders::tenant.eq(&$this.tenant));
                let all = all.select(Order::as_select()).limit(PAGE.cast_signed() + 1);
                let (later, same) = (orders::placed_on.lt(last.placed_on), orders::placed_on.eq(last.placed_on));
                let mut found: Vec<Order> = match by {
                    By::Newest => {
                        let all = all.filter(later.or(same.and(orders::id.lt(&last.id))));
                        all.order((orders::placed_on.desc(), orders::id.desc())).load(connection) $($wait)*.unwrap()
                    }
                    By::Mixed => {
                        let next = orders::total.eq(last.total).and(orders::id.gt(&last.id));
                        let all = all.filter(later.or(same.and(orders::total.gt(last.total).or(next))));
                        let order = (orders::placed_on.desc(), orders::total.asc(), orders::id.asc());
                        all.order(order).load(connection) $($wait)*.unwrap()
                    }
                };
                assert_eq!(found.len() as u64, PAGE + 1);
                found.pop();
                sum_of(&found)
            }

            async fn numbered(&mut self, passed: u64) -> u64 {
                let sum = sum_of(&self.passed(By::Newest, passed, PAGE).await);
                let $this = &*self;
                let connection = &mut $connection;
                let count = orders::table.filter(orders::tenant.eq(&$this.tenant)).count();
                let all: i64 = count.get_result(connection) $($wait)*.unwrap();
                assert!(all > 0);
                sum
            }
        }
    };
}

pub mod sqlite {
    use ::diesel::{
        connection::SimpleConnection as _,
        prelude::*,
        r2d2::{ConnectionManager, CustomizeConnection, Error, Pool},
        result::QueryResult,
    };
    use bailiwick::Uuid;

    use super::super::super::{
        order::{By, Line, Orders, PAGE, sum},
        place::Place,
        support::Mode,
    };

    type Key = Vec<u8>;

    fn key(id: Uuid) -> Key {
        id.as_bytes().to_vec()
    }

    pub struct DieselSqlite {
        pool: Pool<ConnectionManager<SqliteConnection>>,
        tenant: String,
        after: Option<(By, Order)>,
    }

    /// The settings of the other sides.
    #[derive(Debug)]
    struct Settings(Mode);

    impl CustomizeConnection<SqliteConnection, Error> for Settings {
        fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), Error> {
            let synchronous = self.0.synchronous();
            let settings =
                format!("PRAGMA busy_timeout = 120000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};");
            connection.batch_execute(&settings).map_err(Error::QueryError)
        }
    }

    fn pool(place: &Place) -> Pool<ConnectionManager<SqliteConnection>> {
        let Place::Sqlite(file, mode) = place else { unreachable!("a side of SQLite on PostgreSQL") };
        let manager = ConnectionManager::new(file.path().to_str().unwrap());
        Pool::builder().max_size(4).connection_customizer(Box::new(Settings(*mode))).build(manager).unwrap()
    }

    fn insert_all(connection: &mut SqliteConnection, new: &[Order]) -> QueryResult<u64> {
        connection.transaction(|connection| {
            ::diesel::insert_into(orders::table).values(new).execute(connection).map(|rows| rows as u64)
        })
    }

    orders!(DieselSqlite, "Diesel 2.3.14, blocking", Binary, |this| this.pool.get().unwrap(),);
}

pub mod postgres {
    use ::diesel::{prelude::*, result::QueryResult};
    use bailiwick::Uuid;
    use diesel_async::{
        AsyncConnection as _, AsyncPgConnection, RunQueryDsl,
        pooled_connection::{AsyncDieselConnectionManager, deadpool::Pool},
    };

    use super::super::super::{
        order::{By, Line, Orders, PAGE, sum},
        place::{Place, schemas::url},
    };

    type Key = Uuid;

    fn key(id: Uuid) -> Key {
        id
    }

    pub struct DieselPostgres {
        pool: Pool<AsyncPgConnection>,
        tenant: String,
        after: Option<(By, Order)>,
    }

    fn pool(place: &Place) -> Pool<AsyncPgConnection> {
        let settings = place.schema().settings().map(|(name, value)| format!("-c%20{name}%3D{value}")).join("%20");
        let manager = AsyncDieselConnectionManager::new(format!("{}?options={settings}", url()));
        Pool::builder(manager).max_size(4).build().unwrap()
    }

    async fn insert_all(connection: &mut AsyncPgConnection, new: &[Order]) -> QueryResult<u64> {
        let insert = async |connection: &mut AsyncPgConnection| {
            let mut rows = 0;
            for part in new.chunks(8_000) {
                rows += ::diesel::insert_into(orders::table).values(part).execute(connection).await? as u64;
            }
            Ok(rows)
        };
        connection.transaction(insert).await
    }

    orders!(DieselPostgres, "diesel-async 0.9.2", Uuid, |this| this.pool.get().await.unwrap(), .await);
}
