//! What an error costs.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use bailiwick::{
    Error, Version,
    repository::{Db, Expect},
    unit_of_work::{Begin, Retry, UnitOfWork},
};

use super::{Placed, written};
use crate::rows::shop::{NewOrder, Order, OrderPatch, new, shop};

/// An order whose number is taken.
fn taken() -> NewOrder {
    NewOrder { id: None, ..new(1) }
}

pub async fn an_error_that_is_passed_over_fails_all_that_follows_and_the_commit(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    assert_eq!(unit.repository::<Order>().insert(taken()).await.unwrap_err().code(), "repository/duplicate");
    for _ in 0..2 {
        let error = unit.repository::<Order>().try_get(new(1).id.unwrap()).await.unwrap_err();
        assert_eq!(error.code(), "unit/scope_failed");
        assert!(error.is_conflict() && format!("{error:?}").contains("the same tenant, number"), "{error:?}");
    }
    let part = unit.savepoint(async |_| Ok::<_, Error>(())).await.map(drop);
    assert_eq!(part.unwrap_err().code(), "unit/scope_failed");
    let error = unit.commit().await.unwrap_err();
    assert_eq!(error.code(), "unit/aborted");
    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(written(db, &shop).await, (0, 0));
}

pub async fn a_closure_that_passes_over_an_error_stores_nothing(db: &Db) {
    let shop = shop(db, "acme");
    let attempts = AtomicU32::new(0);
    let answer: Result<(), Error> = shop
        .in_tx(Retry::default(), async |unit| {
            attempts.fetch_add(1, Ordering::SeqCst);
            unit.repository::<Order>().insert(new(1)).await?;
            let _passed_over = unit.repository::<Order>().insert(taken()).await;
            Ok(())
        })
        .await;
    assert_eq!(answer.unwrap_err().code(), "unit/aborted");
    assert_eq!(attempts.load(Ordering::SeqCst), 1, "a taken key stays taken");
    assert_eq!(written(db, &shop).await, (0, 0));
}

pub async fn what_is_no_error_of_the_database_fails_no_unit(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    let mut order = unit.repository::<Order>().insert(new(1)).await.unwrap();
    let stale = Expect::Version(Version::new(7));
    let own = |error: Result<(), Error>| error.unwrap_err().code();
    let codes = [
        own(unit.repository::<Order>().get(new(2).id.unwrap()).await.map(drop)),
        own(unit.repository::<Order>().patch(order.id, stale, OrderPatch::new().gift(true)).await),
        own(unit.repository::<Order>().insert(NewOrder { label: Some("\0".into()), ..new(3) }).await.map(drop)),
        own(unit.repository::<Order>().save(&mut Order { number: "A".repeat(33), ..order.clone() }).await),
    ];
    let expected = ["repository/not_found", "repository/version_conflict", "repository/value", "repository/value"];
    assert_eq!(codes, expected);
    order.gift = true;
    unit.repository::<Order>().save(&mut order).await.unwrap();
    unit.commit().await.unwrap();
    assert!(shop.repository::<Order>().get(order.id).await.unwrap().gift);
}

pub async fn in_a_savepoint_an_error_costs_the_savepoint_alone(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    let part = unit
        .savepoint(async |inner| {
            inner.repository::<Order>().insert(new(2)).await?;
            inner.repository::<Order>().insert(taken()).await
        })
        .await
        .unwrap();
    assert_eq!(part.unwrap_err().code(), "repository/duplicate");
    unit.repository::<Order>().insert(new(3)).await.unwrap();
    let part = unit.savepoint(async |inner| inner.repository::<Order>().insert(new(4)).await).await.unwrap();
    part.unwrap();
    unit.commit().await.unwrap();
    let numbers: Vec<String> = shop
        .repository::<Order>()
        .find(bailiwick::specification::Spec::all())
        .sort(Order::number().asc())
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|order| order.number)
        .collect();
    assert_eq!(numbers, ["A-1", "A-3", "A-4"]);
}

pub async fn a_savepoint_that_passes_over_an_error_is_undone_and_says_so(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    let part = unit
        .savepoint(async |inner| {
            inner.repository::<Order>().insert(new(2)).await?;
            let _passed_over = inner.repository::<Order>().insert(taken()).await;
            let refused = inner.repository::<Order>().insert(new(3)).await.unwrap_err();
            assert_eq!(refused.code(), "unit/scope_failed");
            Ok::<_, Error>(())
        })
        .await;
    assert_eq!(part.unwrap_err().code(), "unit/aborted");
    unit.repository::<Order>().insert(new(4)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(written(db, &shop).await.0, 2);
}

pub async fn what_is_staged_in_a_savepoint_goes_with_it(db: &Db) {
    let shop = shop(db, "acme");
    let heard = Arc::new(AtomicU32::new(0));
    let hook = |by: u32| {
        let heard = Arc::clone(&heard);
        move || {
            heard.fetch_add(by, Ordering::SeqCst);
        }
    };
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.publish(Placed { number: 1 });
    unit.after_commit(hook(1));
    let part = unit
        .savepoint(async |inner| {
            inner.repository::<Order>().insert(new(2)).await?;
            inner.publish(Placed { number: 2 });
            inner.after_commit(hook(100));
            inner.repository::<Order>().get(new(9).id.unwrap()).await
        })
        .await
        .unwrap();
    assert!(part.unwrap_err().is_not_found());
    unit.commit().await.unwrap();
    assert_eq!(written(db, &shop).await, (0, 1));
    assert_eq!(heard.load(Ordering::SeqCst), 1);
}

/// So many parts in each other, each with a row; the innermost fails or not.
fn nest(unit: &mut UnitOfWork, depth: u32, fails: bool) -> futures_util::future::BoxFuture<'_, Result<(), Error>> {
    Box::pin(async move {
        if depth == 0 {
            return if fails { unit.repository::<Order>().get(new(0).id.unwrap()).await.map(drop) } else { Ok(()) };
        }
        let part = unit
            .savepoint(async move |inner: &mut UnitOfWork| {
                inner.repository::<Order>().insert(new(depth)).await?;
                nest(inner, depth - 1, fails).await
            })
            .await?;
        // Where it is meant to fail, every tenth part passes over it.
        if fails && depth.is_multiple_of(10) { Ok(()) } else { part }
    })
}

pub async fn savepoints_nest_to_64_and_no_deeper(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    assert_eq!(nest(&mut unit, 65, false).await.unwrap_err().code(), "db/config");
    nest(&mut unit, 64, true).await.unwrap();
    unit.commit().await.unwrap();
    // Those from the tenth inwards are gone; the ones around it stand.
    assert_eq!(written(db, &shop).await.0, 54);
}

pub async fn parts_one_after_another_keep_and_lose_what_is_theirs(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    for number in 1..=200 {
        let part = unit
            .savepoint(async |inner| {
                inner.repository::<Order>().insert(new(number)).await?;
                if number % 2 == 0 { inner.repository::<Order>().insert(new(number)).await.map(drop) } else { Ok(()) }
            })
            .await
            .unwrap();
        assert_eq!(part.is_err(), number % 2 == 0, "{number}");
    }
    unit.commit().await.unwrap();
    assert_eq!(written(db, &shop).await.0, 100);
}
