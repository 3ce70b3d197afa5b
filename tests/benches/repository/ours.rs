//! Ours: a repository of a tenant's scope.

use bailiwick::{
    Uuid,
    repository::{Cursor, Db, Find, OnError, Page, PageRequest, Repository, Scope, Scoped},
    specification::Spec,
};

use super::{
    order::{By, EACH, Line, NewOrder, Order, OrderId, Orders, PAGE, sum, table},
    place::Place,
};

pub struct Ours {
    db: Db,
    pub shop: Scoped,
    after: Option<(By, Option<Cursor>)>,
}

pub fn sum_of(orders: &[Order]) -> u64 {
    sum(orders.iter().map(|order| (order.customer, order.total)))
}

fn sorted<'r, 'a>(orders: &'r mut Repository<'a, Order>, by: By) -> Find<'r, 'a, Order> {
    let newest = orders.find(Spec::all()).sort(Order::placed_on().desc());
    if by == By::Newest { newest } else { newest.sort(Order::total().asc()) }
}

fn new(line: Line) -> NewOrder {
    let Line { number, customer, total, label, placed_on } = line;
    NewOrder { id: None, number, customer, total, label, placed_on }
}

impl Ours {
    async fn read(&self, by: By, request: PageRequest) -> Page<Order> {
        sorted(&mut self.shop.repository(), by).page(request).await.unwrap()
    }
}

impl Orders for Ours {
    const NAME: &'static str = "ours";

    async fn open(place: &Place, tenant: &str) -> Self {
        let db = place.db();
        db.migrate(table()).await.unwrap();
        place.opened();
        Self { shop: db.scoped(Scope::tenant(tenant).unwrap()), db, after: None }
    }

    async fn get(&mut self, id: Uuid) -> u64 {
        sum_of(&[self.shop.repository::<Order>().get(OrderId::from(id)).await.unwrap()])
    }

    async fn list(&mut self, customer: i64) -> u64 {
        let mut orders = self.shop.repository::<Order>();
        let find = orders.find(Order::customer().eq(customer)).limit(EACH.unsigned_abs());
        sum_of(&find.list().await.unwrap())
    }

    async fn insert(&mut self, mut lines: Vec<Line>) -> u64 {
        let mut orders = self.shop.repository::<Order>();
        if lines.len() == 1 {
            let order = orders.insert(new(lines.remove(0))).await.unwrap();
            return order.version.get();
        }
        let new = lines.into_iter().map(new).collect();
        orders.insert_many(new, OnError::Abort).await.unwrap().stored.len() as u64
    }

    async fn go_to(&mut self, by: By, passed: u64) {
        let mut cursor = None;
        for _thousand in 0..passed / 1_000 {
            cursor = self.read(by, Page::after(cursor, 1_000)).await.next;
        }
        self.after = Some((by, cursor));
    }

    async fn page(&mut self) -> u64 {
        let (by, cursor) = self.after.clone().unwrap();
        let page = self.read(by, Page::after(cursor, PAGE)).await;
        assert!(page.next.is_some());
        sum_of(&page.items)
    }

    async fn numbered(&mut self, passed: u64) -> u64 {
        let mut orders = self.shop.repository::<Order>();
        let find = sorted(&mut orders, By::Newest).max_offset(passed);
        let page = find.page_number(passed / PAGE + 1, PAGE).await.unwrap();
        assert!(page.total > 0);
        sum_of(&page.items)
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let _closed = super::setting::alone().block_on(self.db.close());
    }
}
