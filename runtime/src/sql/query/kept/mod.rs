//! Whatever is asked in the scope of a tenant, its statement keeps to the tenant, as the parser of a database reads it.

mod parsed;
mod spy;

use tokio::runtime::Builder;

use self::spy::Spy;
use crate::{
    entity::Entity,
    repository::{Count, Expect, Having, Keys, Page, PurgeGrant, Repository, Scope, StreamMode},
    specification::Spec,
    tenant::TenantId,
    timestamp::Timestamp,
    version::Version,
};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "orders", crate = crate, unique(number), has_many(lines: Line::order_id))]
struct Order {
    #[id]
    #[col(max = 20)]
    id: String,
    #[tenant]
    tenant: TenantId,
    #[col(filter, sort, max = 32)]
    number: String,
    #[col(filter(contains), sort, max = 200)]
    label: Option<String>,
    #[col(filter, sort)]
    pieces: Option<i64>,
    #[version]
    version: Version,
    #[soft_delete]
    deleted_at: Option<Timestamp>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "line", crate = crate)]
struct Line {
    #[id]
    #[col(max = 20)]
    id: String,
    #[tenant]
    tenant: TenantId,
    #[col(filter, max = 20, references(Order, as = order))]
    order_id: String,
    #[col(filter, sort)]
    pieces: i64,
}

/// A number after another.
struct Chance(u64);

impl Chance {
    fn up_to(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 6] = ["", "a", "acme", "' OR 1 = 1 --", "%_!\\", "\u{1F600}é"];
        TEXTS[usize::try_from(self.up_to(6)).unwrap_or(0)].repeat(usize::try_from(self.up_to(2)).unwrap_or(0) + 1)
    }

    /// A condition, so many levels deep.
    fn spec(&mut self, deep: u64) -> Spec<Order> {
        let number = i64::try_from(self.up_to(9)).unwrap_or(0) - 4;
        match self.up_to(if deep == 0 { 9 } else { 13 }) {
            0 => Order::pieces().eq(number),
            1 => Order::pieces().same(None::<i64>),
            2 => Order::pieces().is_in((0..number).collect::<Vec<_>>()),
            3 => Order::label().contains(&self.text()),
            4 => Order::label().starts_with(&self.text()),
            5 => Order::label().ends_with(&self.text()),
            6 => Order::number().ne(self.text().as_str()),
            7 => Spec::none(),
            8 => Order::label().is_null(),
            9 => !self.spec(deep - 1),
            10 => self.spec(deep - 1) & self.spec(deep - 1),
            11 => self.spec(deep - 1) | self.spec(deep - 1),
            _ => Spec::any_of((0..4).map(|_| self.spec(deep - 1))),
        }
    }

    fn lines(&mut self) -> Having<Order> {
        let pieces = i64::try_from(self.up_to(5)).unwrap_or(0);
        Order::lines().any(Line::pieces().gt(pieces) | Line::order_id().eq("x"))
    }
}

/// Asks for one of many things. What is answered is of no interest: the spy has no rows.
async fn ask(orders: &mut Repository<'_, Order>, chance: &mut Chance) {
    let (spec, patch) = (chance.spec(4), OrderPatch::new().label(Some("x".into())));
    let (id, id_again) = ("o-1".to_owned(), ["o-1".to_owned(), "o-2".to_owned()]);
    match chance.up_to(16) {
        0 => drop(orders.find(spec).sort(Order::label().desc()).list().await),
        1 => drop(orders.find(spec).count(Count::Exact).await),
        2 => drop(orders.find(spec).count(Count::Capped(10)).await),
        3 => drop(orders.find(spec).count(Count::Estimate { threshold: 10 }).await),
        4 => drop(orders.find(spec).sort(Order::number().asc()).page(Page::first(5)).await),
        5 => drop(orders.find(spec).sort(Order::pieces().desc()).page_number(300, 20).await),
        6 => drop(orders.find(spec).sum(Order::pieces()).await),
        7 => drop(orders.find(spec).max(Order::pieces()).await),
        8 => drop(orders.update_where(spec, patch).await),
        9 => drop(orders.delete_where(spec).await),
        10 => drop(orders.find(spec).having(chance.lines()).list().await),
        11 => drop(orders.find(spec).lacking(chance.lines()).first().await),
        12 => drop(orders.get_many(&id_again).await),
        13 => drop(orders.patch(id, Expect::Any, patch).await),
        14 => drop(
            orders.delete(id.clone(), Expect::Version(Version::new(3))).await.is_ok()
                | orders.restore(id).await.is_ok(),
        ),
        _ => drop(orders.purge(id, &PurgeGrant::new("a test")).await),
    }
    let mut stream = std::pin::pin!(orders.find(chance.spec(2)).stream(StreamMode::default()));
    drop(futures_util::StreamExt::next(&mut stream).await);
}

#[test]
fn every_statement_has_the_tenant_as_a_condition_of_its_own() {
    let (spy, keys, mut chance) = (Spy::default(), Keys::default(), Chance(0x9E37_79B9));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(async {
        for round in 0..10_000 {
            let scope = Scope::tenant("acme").unwrap_or_else(|error| panic!("{error}"));
            let mut orders = Repository::<Order>::new(&spy, &keys, scope);
            orders = match round % 3 {
                0 => orders.with_deleted(),
                1 => orders.only_deleted(),
                _ => orders,
            };
            ask(&mut orders, &mut chance).await;
        }
    });
    assert!(spy.parsed() > 50_000, "{} statements were parsed", spy.parsed());
}

/// The parser finds what is wrong.
#[test]
fn a_statement_without_the_tenant_is_found() {
    for wrong in [
        "SELECT id FROM orders WHERE pieces = 1",
        "SELECT id FROM orders",
        "SELECT id FROM orders WHERE tenant = $1 OR pieces = 1",
        "SELECT id FROM orders WHERE NOT tenant = $1",
        "SELECT id FROM orders WHERE tenant = $1 AND EXISTS (SELECT 1 FROM line WHERE line.order_id = orders.id)",
        "SELECT id FROM orders WHERE tenant = $1 AND id = ANY(ARRAY((SELECT id FROM orders WHERE pieces = 1 LIMIT 5)))",
        "SELECT id FROM orders WHERE id = ANY(ARRAY((SELECT id FROM orders WHERE tenant = $1 LIMIT 5)))",
        "SELECT id FROM orders WHERE tenant = $1 AND (pieces = 1 OR id IN (SELECT order_id FROM line))",
        "SELECT id FROM orders WHERE tenant = $1 AND NOT (pieces = 1 AND EXISTS (SELECT 1 FROM line WHERE pieces = 1))",
        "SELECT id FROM orders WHERE tenant = $1 AND pieces = coalesce((SELECT max(pieces) FROM line), 1)",
        "SELECT (SELECT max(pieces) FROM line) FROM orders WHERE tenant = $1",
        "SELECT id FROM orders JOIN (SELECT id AS k FROM orders WHERE tenant = $1 LIMIT 5) AS rest ON id = k",
        "SELECT count(1) FROM (SELECT 1 FROM orders WHERE pieces = 1) AS found",
        "UPDATE orders SET label = $1 WHERE pieces = 1",
        "DELETE FROM orders WHERE (tenant = $1 OR 1 = 1)",
    ] {
        let found = parsed::kept(&sqlparser::dialect::PostgreSqlDialect {}, wrong);
        assert!(found.is_err_and(|why| !why.contains("unexpected") && !why.contains("arser")), "{wrong}");
    }
}

/// A page far from the start, whose keys are a value.
#[test]
fn a_query_inside_another_has_its_own_tenant() {
    let keys = "SELECT id FROM orders WHERE tenant = $1 ORDER BY number LIMIT 5 OFFSET 2000";
    let page = format!("SELECT id FROM orders WHERE id = ANY(ARRAY(({keys}))) AND tenant = $2 ORDER BY number");
    assert_eq!(parsed::kept(&sqlparser::dialect::PostgreSqlDialect {}, &page), Ok(()));
}
