//! What is atomic with what, and who sees it when.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    Error, ReadModel,
    repository::{Db, Expect, Wait},
    specification::Spec,
    store::{Lease, LeaseRequest, ModelSeen},
    unit_of_work::{Begin, Retry},
};
use futures_util::future::join_all;

use super::{Placed, written};
use crate::rows::shop::{Country, NewCountry, Order, OrderPatch, new, shop};

const TOTALS: ReadModel<u64> = ReadModel::new("totals");

pub async fn what_a_unit_writes_is_seen_by_it_alone_until_its_commit(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    let order = unit.repository::<Order>().insert(new(1)).await.unwrap();
    assert_eq!(unit.repository::<Order>().get(order.id).await.unwrap(), order);
    assert_eq!(unit.repository::<Order>().find(Spec::all()).list().await.unwrap().len(), 1);
    assert_eq!(written(db, &shop).await, (0, 0));
    unit.commit().await.unwrap();
    assert_eq!(shop.repository::<Order>().get(order.id).await.unwrap(), order);
}

pub async fn a_unit_that_is_rolled_back_or_dropped_leaves_nothing(db: &Db) {
    let shop = shop(db, "acme");
    for drops in [true, false] {
        let mut unit = shop.begin(Begin::write()).await.unwrap();
        unit.repository::<Order>().insert(new(1)).await.unwrap();
        unit.publish(Placed { number: 1 });
        if drops {
            drop(unit)
        } else {
            unit.rollback().await.unwrap()
        }
        assert_eq!(written(db, &shop).await, (0, 0));
    }
    shop.repository::<Order>().insert(new(1)).await.unwrap();
}

pub async fn entities_events_and_read_models_are_written_together(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    unit.publish(Placed { number: 1 });
    unit.transaction().update(TOTALS, "all", |total| *total += 1);
    unit.commit().await.unwrap();
    assert_eq!(written(db, &shop).await, (1, 1));
}

pub async fn a_commit_that_the_store_refuses_takes_the_entities_with_it(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    let staged = unit.transaction();
    staged.staged_mut().checkpoints.push(bailiwick::store::CheckpointMove {
        name: "nobody-moved-it".into(),
        from: Some(bailiwick::Position::new(7)),
        to: bailiwick::Position::new(8),
    });
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    unit.publish(Placed { number: 1 });
    assert!(unit.commit().await.unwrap_err().is_conflict());
    assert_eq!(written(db, &shop).await, (0, 0));
    shop.repository::<Order>().insert(new(1)).await.unwrap();
}

pub async fn a_row_that_was_read_must_be_the_same_at_the_commit_also_if_only_entities_are_written(db: &Db) {
    let shop = shop(db, "acme");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    unit.transaction().staged_mut().seen.push(ModelSeen { model: "totals", key: "all".into(), revision: Some(7) });
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    assert_eq!(unit.commit().await.unwrap_err().code(), "store/seen_changed");
    assert_eq!(written(db, &shop).await, (0, 0));
}

pub async fn a_unit_that_wrote_nothing_is_refused_if_what_must_hold_no_longer_does(db: &Db) {
    let shop = shop(db, "acme");
    let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let ask = async |holder: &str| {
        let (resource, holder) = ("desk".into(), holder.into());
        let request = LeaseRequest { resource, holder, ttl: Duration::from_secs(600) };
        db.store().lease(request).await.unwrap().unwrap()
    };
    let lost = ask("ada").await;
    db.store().release(lost.clone()).await.unwrap();
    let held = ask("bob").await;
    let changed = ModelSeen { model: "totals", key: "all".into(), revision: Some(7) };
    let absent = ModelSeen { revision: None, ..changed.clone() };
    for begin in [Begin::write(), Begin::read_only()] {
        let commit = async |fence: &Lease, seen: &ModelSeen| {
            let mut unit = shop.begin(begin).await.unwrap();
            assert_eq!(unit.repository::<Order>().get(order.id).await.unwrap(), order);
            unit.transaction().staged_mut().fences.push(fence.fence());
            unit.transaction().staged_mut().seen.push(seen.clone());
            unit.commit().await.map(drop).map_err(|error| error.code())
        };
        assert_eq!(commit(&lost, &absent).await, Err("lease/lost"));
        assert_eq!(commit(&held, &changed).await, Err("store/seen_changed"));
        assert_eq!(commit(&held, &absent).await, Ok(()));
    }
    db.store().release(held).await.unwrap();
    assert_eq!(written(db, &shop).await, (1, 0));
}

pub async fn a_closure_commits_what_answers_ok_and_forgets_what_answers_an_error(db: &Db) {
    let shop = shop(db, "acme");
    let hooks = Arc::new(AtomicU32::new(0));
    for fails in [true, false] {
        let answer: Result<u32, Error> = shop
            .in_tx(Retry::default(), async |unit| {
                assert_eq!(unit.attempt(), 1);
                unit.repository::<Order>().insert(new(1)).await?;
                unit.publish(Placed { number: 1 });
                let hooks = Arc::clone(&hooks);
                unit.after_commit(move || {
                    hooks.fetch_add(1, Ordering::SeqCst);
                });
                if fails { unit.repository::<Order>().get(new(2).id.unwrap()).await.map(|_| 0) } else { Ok(7) }
            })
            .await;
        assert_eq!(answer.is_err(), fails, "{answer:?}");
        let left = u32::from(!fails);
        assert_eq!(written(db, &shop).await, (left as usize, u64::from(left)));
        assert_eq!(hooks.load(Ordering::SeqCst), left);
    }
}

pub async fn a_unit_of_nobody_writes_what_belongs_to_nobody(db: &Db) {
    let germany = || NewCountry { code: "de".into(), name: "Germany".into() };
    let inserted: Result<(), Error> =
        db.in_tx(Retry::none(), async |unit| unit.repository::<Country>().insert(germany()).await.map(drop)).await;
    inserted.unwrap();
    assert_eq!(db.repository::<Country>().get("de".into()).await.unwrap().name, "Germany");
    let mut unit = db.begin(Begin::write()).await.unwrap();
    let error = unit.repository::<Order>().insert(new(1)).await.unwrap_err();
    assert_eq!(error.code(), "repository/tenant_required");
}

pub async fn a_unit_that_only_reads_sees_one_state_and_refuses_to_write(db: &Db) {
    let shop = shop(db, "acme");
    let order = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let mut unit =
        shop.begin(Begin::read_only().isolation(bailiwick::unit_of_work::Isolation::RepeatableRead)).await.unwrap();
    assert_eq!(unit.repository::<Order>().get(order.id).await.unwrap(), order);
    shop.repository::<Order>().insert(new(2)).await.unwrap();
    assert_eq!(unit.repository::<Order>().find(Spec::all()).list().await.unwrap().len(), 1);
    let refused = [
        unit.repository::<Order>().insert(new(3)).await.map(drop),
        unit.repository::<Order>().save(&mut order.clone()).await,
        unit.repository::<Order>().patch(order.id, Expect::Any, OrderPatch::new().gift(true)).await,
        unit.repository::<Order>().delete(order.id, Expect::Any).await.map(drop),
        unit.get_for_update::<Order>(order.id, Wait::Block).await.map(drop),
    ];
    for refused in refused {
        assert_eq!(refused.unwrap_err().code(), "unit/read_only");
    }
    assert_eq!(unit.repository::<Order>().get(order.id).await.unwrap(), order);
    unit.commit().await.unwrap();
    let mut unit = shop.begin(Begin::read_only()).await.unwrap();
    unit.publish(Placed { number: 1 });
    assert_eq!(unit.commit().await.unwrap_err().code(), "unit/read_only");
}

pub async fn who_adds_to_what_it_has_locked_loses_no_addition(db: &Db) {
    let order = shop(db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    let add = async |_| {
        let shop = shop(db, "acme");
        for _ in 0..10 {
            let added: Result<(), Error> = shop
                .in_tx(Retry::default(), async |unit| {
                    let mut order = unit.get_for_update::<Order>(order.id, Wait::Block).await?;
                    order.views += 1;
                    unit.repository::<Order>().save(&mut order).await
                })
                .await;
            added.unwrap();
        }
    };
    join_all((0..8).map(add)).await;
    assert_eq!(shop(db, "acme").repository::<Order>().get(order.id).await.unwrap().views, 80);
}

pub async fn two_units_beside_each_other_both_commit(db: &Db) {
    let shop = shop(db, "acme");
    let insert = async |number| {
        let inserted: Result<(), Error> = shop
            .in_tx(Retry::default(), async |unit| {
                unit.repository::<Order>().insert(new(number)).await?;
                tokio::task::yield_now().await;
                unit.repository::<Order>().insert(new(number + 1)).await.map(drop)
            })
            .await;
        inserted.unwrap();
    };
    tokio::join!(insert(1), insert(3));
    assert_eq!(written(db, &shop).await.0, 4);
}

pub async fn a_unit_inside_a_unit_of_the_same_database_is_refused_at_once(db: &Db) {
    let (shop, other) = (shop(db, "acme"), shop(db, "other"));
    let codes: Result<[&str; 3], Error> = shop
        .in_tx(Retry::default(), async |_| {
            let nothing = async |_: &mut _| Ok::<_, Error>(());
            let inner = other.in_tx(Retry::default(), nothing).await.unwrap_err().code();
            let begun = other.begin(Begin::write()).await.map(drop).unwrap_err().code();
            let own = db.in_tx(Retry::default(), nothing).await.unwrap_err().code();
            Ok([inner, begun, own])
        })
        .await;
    assert_eq!(codes.unwrap(), ["unit/nested"; 3]);
    let elsewhere = Db::memory();
    let apart: Result<(), Error> = shop
        .in_tx(Retry::default(), async |unit| {
            elsewhere.repository::<Country>().insert(NewCountry { code: "de".into(), name: "x".into() }).await?;
            unit.repository::<Order>().insert(new(1)).await.map(drop)
        })
        .await;
    apart.unwrap();
}

pub async fn a_unit_spans_tasks_and_its_future_can_be_sent(db: &Db) {
    let shop = shop(db, "acme");
    let own = shop.clone();
    let task = tokio::spawn(async move {
        own.in_tx(Retry::default(), async |unit| {
            let order = unit.repository::<Order>().insert(new(1)).await?;
            let part: Result<Result<(), Error>, Error> =
                unit.savepoint(async |inner| inner.repository::<Order>().insert(new(2)).await.map(drop)).await;
            part??;
            Ok::<_, Error>(order.id)
        })
        .await
    });
    let id = task.await.unwrap().unwrap();
    assert_eq!(shop.repository::<Order>().get(id).await.unwrap().number, "A-1");
    assert_eq!(written(db, &shop).await.0, 2);
}
