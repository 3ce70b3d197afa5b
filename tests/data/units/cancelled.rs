//! The future is dropped wherever it may wait.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use bailiwick::{
    Error,
    repository::{Db, Scoped},
    unit_of_work::{Begin, Retry},
};

use super::{Placed, written};
use crate::rows::shop::{Order, new, shop};

/// Polls a future so often, and drops it.
async fn polled<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..times {
        let once = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
        if let Poll::Ready(answer) = once {
            return Some(answer);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    None
}

/// What was written, once nothing is under way: a server ends a commit that was sent beside all others.
async fn settled(db: &Db, shop: &Scoped) -> (usize, u64) {
    let mut last = written(db, shop).await;
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = written(db, shop).await;
        if now == last {
            return now;
        }
        last = now;
    }
}

async fn order(shop: &Scoped, number: u32) -> Result<(), Error> {
    shop.in_tx(Retry::none(), async |unit| {
        unit.repository::<Order>().insert(new(number)).await?;
        unit.publish(Placed { number });
        let part = unit
            .savepoint(async |inner| {
                inner.repository::<Order>().insert(new(number + 1)).await?;
                inner.repository::<Order>().get(new(number).id.unwrap()).await
            })
            .await?;
        part.map(drop)
    })
    .await
}

pub async fn a_unit_that_is_dropped_at_any_point_is_written_as_a_whole_or_not_at_all(db: &Db) {
    let shop = shop(db, "acme");
    let mut done = (0, 0);
    for times in 0..40_u32 {
        let finished = polled(order(&shop, 10 * times + 1), times as usize).await.is_some();
        // The next one waits until the database has settled what became of it.
        let probe: Result<(), Error> = shop.in_tx(Retry::none(), async |_| Ok(())).await;
        probe.unwrap();
        let now = settled(db, &shop).await;
        let whole = (done.0 + 2, done.1 + 1);
        assert!(now == whole || (now == done && !finished), "{times}: {done:?} {now:?}");
        done = now;
        if finished {
            return;
        }
    }
    panic!("it never came to its end");
}

pub async fn a_guard_that_is_dropped_at_any_point_leaves_the_database_free(db: &Db) {
    let shop = shop(db, "acme");
    for times in 0..12 {
        let work = async {
            let mut unit = shop.begin(Begin::write()).await?;
            unit.repository::<Order>().insert(new(1)).await?;
            unit.rollback().await
        };
        polled(work, times).await;
        tokio::time::timeout(Duration::from_secs(2), shop.repository::<Order>().insert(new(2))).await.unwrap().unwrap();
        let order = shop.repository::<Order>().get(new(2).id.unwrap()).await.unwrap();
        let grant = bailiwick::repository::PurgeGrant::new("a test");
        shop.repository::<Order>().purge(order.id, &grant).await.unwrap();
    }
    assert_eq!(written(db, &shop).await, (0, 0));
}

pub async fn a_part_that_is_dropped_is_undone_and_the_unit_goes_on(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    let part = unit.savepoint(async |inner| {
        inner.repository::<Order>().insert(new(2)).await?;
        inner.publish(Placed { number: 2 });
        std::future::pending::<Result<(), Error>>().await
    });
    assert!(tokio::time::timeout(Duration::from_millis(50), part).await.is_err());
    unit.repository::<Order>().insert(new(3)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(written(db, &shop).await, (2, 0));
    assert!(shop.repository::<Order>().try_get(new(2).id.unwrap()).await.unwrap().is_none());
}
