//! Units of two tenants beside each other, cut down wherever it happens.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use bailiwick::{
    Error,
    repository::{Db, Scoped, Wait},
    specification::Spec,
    unit_of_work::{Begin, Retry},
};
use futures_util::{StreamExt as _, future::join_all, stream::FuturesUnordered};

use crate::rows::shop::{NewOrder, Order, OrderId, new, shop};

/// Each with the number of its first order.
const SHOPS: [(&str, u32); 2] = [("acme", 1), ("globex", 11)];
/// The orders of a shop, and the views that they have together.
const ORDERS: u32 = 4;
const VIEWS: u64 = 400;

const WORKERS: u64 = 8;
const ROUNDS: u64 = 60;

/// Numbers that look like chance, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn id(number: u64) -> OrderId {
    new(u32::try_from(number).unwrap()).id.unwrap()
}

/// Waits for a future until it was polled so often, and drops it.
async fn cut<F: Future>(future: F, mut polls: u64) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// How often a unit is polled over a connection that is not there yet: to shake hands takes the most of it.
async fn longest(db: &Db) -> u64 {
    let (shop, mut polls) = (shop(db, "acme"), 0);
    cut(moved(&shop, 1, 2), 1).await;
    let mut unit = pin!(moved(&shop, 1, 2));
    let done = poll_fn(|context| {
        polls += 1;
        unit.as_mut().poll(context)
    });
    done.await.unwrap();
    polls
}

/// Moves a view from one order to another; orders are locked in any order, so that units lie in each other's way.
async fn moved(shop: &Scoped, from: u64, to: u64) -> Result<(), Error> {
    shop.in_tx(Retry::default(), async |unit| {
        let mut from = unit.get_for_update::<Order>(id(from), Wait::Block).await?;
        let mut to = unit.get_for_update::<Order>(id(to), Wait::Block).await?;
        (from.views, to.views) = (from.views - 1, to.views + 1);
        unit.repository::<Order>().save(&mut from).await?;
        unit.savepoint(async |inner| inner.repository::<Order>().save(&mut to).await).await?
    })
    .await
}

/// Takes a view away, and thinks better of it.
async fn dropped(shop: &Scoped, from: u64) -> Result<(), Error> {
    let mut unit = shop.begin(Begin::write()).await?;
    let mut order = unit.repository::<Order>().get(id(from)).await?;
    order.views -= 1;
    unit.repository::<Order>().save(&mut order).await
}

/// The shop has its own orders and all its views, at any time.
async fn seen(shop: &Scoped, tenant: &str) -> Result<(), Error> {
    let orders = shop.repository::<Order>().find(Spec::all()).list().await?;
    assert!(orders.iter().all(|order| order.tenant.as_str() == tenant));
    let views = orders.iter().map(|order| order.views).sum::<u64>();
    assert_eq!((orders.len(), views), (ORDERS as usize, VIEWS));
    Ok(())
}

async fn work(db: &Db, worker: u64, longest: u64) {
    let mut dice = Dice(worker);
    for round in 0..ROUNDS {
        let (tenant, first) = SHOPS[((round + worker) % 2) as usize];
        let (shop, first) = (shop(db, tenant), u64::from(first));
        let (from, step, most) = (dice.below(4), 1 + dice.below(3), [8, 24, 2 * longest][dice.below(3) as usize]);
        let polls = dice.below(most);
        let (from, to) = (first + from, first + (from + step) % 4);
        let answer = match dice.below(4) {
            0 => cut(seen(&shop, tenant), polls).await,
            1 => cut(dropped(&shop, from), polls).await,
            _ => cut(moved(&shop, from, to), polls).await,
        };
        if let Some(Err(error)) = answer {
            assert!(error.is_transient() || error.is_conflict(), "{error:?}");
        }
    }
}

pub async fn however_units_are_cut_down_each_is_whole_and_has_its_tenants_rows_alone(db: &Db) {
    for (tenant, first) in SHOPS {
        for number in first..first + ORDERS {
            let order = NewOrder { views: VIEWS / u64::from(ORDERS), ..new(number) };
            shop(db, tenant).repository::<Order>().insert(order).await.unwrap();
        }
    }
    let longest = longest(db).await;
    // Each is woken for itself alone.
    let workers: FuturesUnordered<_> = (0..WORKERS).map(|worker| work(db, worker, longest)).collect();
    workers.collect::<()>().await;
    let probes = (0..24).map(|_| db.in_tx(Retry::default(), async |_| Ok::<_, Error>(())));
    for probe in join_all(probes).await {
        probe.unwrap();
    }
    let mut versions = 0;
    for (tenant, first) in SHOPS {
        let shop = shop(db, tenant);
        seen(&shop, tenant).await.unwrap();
        for number in first..first + ORDERS {
            let mut order = shop.repository::<Order>().get(new(number).id.unwrap()).await.unwrap();
            versions += order.version.get();
            shop.repository::<Order>().save(&mut order).await.expect("nobody has locked it");
        }
    }
    assert!(versions > 50, "some of the work was not cut down: {versions}");
}
