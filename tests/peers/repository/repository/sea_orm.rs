//! SeaORM over the pools of the sides written by hand.

use ::sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, DatabaseConnection, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, SqlxPostgresConnector,
    SqlxSqliteConnector, TransactionTrait as _,
};
use bailiwick::Uuid;

use super::super::{
    order::{By, Line, Orders, PAGE, sum},
    place::Place,
};

mod orders {
    use ::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant: String,
        pub number: String,
        pub customer: i64,
        pub total: i64,
        pub label: Option<String>,
        pub placed_on: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use orders::{ActiveModel, Column, Entity, Model};

pub struct SeaOrm {
    db: DatabaseConnection,
    tenant: String,
    /// Rows of a statement.
    most: usize,
    after: Option<(By, Model)>,
}

fn sum_of(orders: &[Model]) -> u64 {
    sum(orders.iter().map(|order| (order.customer, order.total)))
}

fn sum_of_page(mut orders: Vec<Model>) -> u64 {
    assert_eq!(orders.len() as u64, PAGE + 1);
    orders.pop();
    sum_of(&orders)
}

fn sorted(select: Select<Entity>, by: By) -> Select<Entity> {
    let newest = select.order_by_desc(Column::PlacedOn);
    match by {
        By::Newest => newest.order_by_desc(Column::Id),
        By::Mixed => newest.order_by_asc(Column::Total).order_by_asc(Column::Id),
    }
}

/// What comes after a row in the order of both directions, for which its cursors have no form.
fn beyond(last: &Model) -> Condition {
    let same = Condition::all().add(Column::Total.eq(last.total)).add(Column::Id.gt(last.id));
    let later = Condition::any().add(Column::Total.gt(last.total)).add(same);
    Condition::any()
        .add(Column::PlacedOn.lt(last.placed_on))
        .add(Condition::all().add(Column::PlacedOn.eq(last.placed_on)).add(later))
}

impl SeaOrm {
    fn all(&self) -> Select<Entity> {
        Entity::find().filter(Column::Tenant.eq(&self.tenant))
    }

    fn new(&self, line: Line) -> ActiveModel {
        ActiveModel {
            id: Set(Uuid::now_v7()),
            tenant: Set(self.tenant.clone()),
            number: Set(line.number),
            customer: Set(line.customer),
            total: Set(line.total),
            label: Set(line.label),
            placed_on: Set(line.placed_on),
            version: Set(1),
        }
    }
}

impl Orders for SeaOrm {
    const NAME: &'static str = "SeaORM 2.0.4";

    async fn open(place: &Place, tenant: &str) -> Self {
        let (db, most) = match place {
            Place::Sqlite(file, _) => (SqlxSqliteConnector::from_sqlx_sqlite_pool(file.pool(4).await), 4_000),
            Place::Postgres(schema) => (SqlxPostgresConnector::from_sqlx_postgres_pool(schema.pool(4).await), 8_000),
        };
        Self { db, tenant: tenant.into(), most, after: None }
    }

    async fn get(&mut self, id: Uuid) -> u64 {
        let found = Entity::find_by_id(id).filter(Column::Tenant.eq(&self.tenant)).one(&self.db).await.unwrap();
        sum_of(&[found.unwrap()])
    }

    async fn list(&mut self, customer: i64) -> u64 {
        let select = self.all().filter(Column::Customer.eq(customer)).order_by_asc(Column::Id).limit(100);
        sum_of(&select.all(&self.db).await.unwrap())
    }

    async fn insert(&mut self, mut lines: Vec<Line>) -> u64 {
        if lines.len() == 1 {
            let stored = self.new(lines.remove(0)).insert(&self.db).await.unwrap();
            return stored.version.unsigned_abs();
        }
        let (mut rows, transaction) = (0, self.db.begin().await.unwrap());
        let mut models = lines.into_iter().map(|line| self.new(line)).peekable();
        while models.peek().is_some() {
            let part: Vec<_> = models.by_ref().take(self.most).collect();
            rows += Entity::insert_many(part).exec_without_returning(&transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
        rows
    }

    async fn go_to(&mut self, by: By, passed: u64) {
        let last = sorted(self.all(), by).offset(passed - 1).limit(1).one(&self.db).await.unwrap();
        self.after = last.map(|last| (by, last));
    }

    async fn page(&mut self) -> u64 {
        let (by, last) = self.after.as_ref().unwrap();
        let found = match by {
            By::Newest => {
                let mut cursor = self.all().cursor_by((Column::PlacedOn, Column::Id));
                cursor.after((last.placed_on, last.id)).desc().first(PAGE + 1).all(&self.db).await
            }
            By::Mixed => sorted(self.all().filter(beyond(last)), *by).limit(PAGE + 1).all(&self.db).await,
        };
        sum_of_page(found.unwrap())
    }

    async fn numbered(&mut self, passed: u64) -> u64 {
        let pages = sorted(self.all(), By::Newest).paginate(&self.db, PAGE);
        assert!(pages.num_items().await.unwrap() > 0);
        sum_of(&pages.fetch_page(passed / PAGE).await.unwrap())
    }
}
