//! What happens when the deadline of a scope passes.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use bailiwick::{
    Clock, Error,
    repository::{Db, Scope, Scoped},
    unit_of_work::{Begin, Retry},
};

use super::{Placed, written};
use crate::rows::shop::{Order, clock, new, shop};

const MINUTE: Duration = Duration::from_secs(60);
const TOO_LATE: &str = "db/statement_timeout";

/// The shop until a minute from now, by a clock that stands until it is moved.
fn until(db: &Db, clock: &Clock) -> Scoped {
    let scope = Scope::tenant("acme").unwrap().clock(clock.clone());
    db.scoped(scope.deadline(clock.now().plus(MINUTE)))
}

fn is_too_late<T>(answer: Result<T, Error>) {
    assert_eq!(answer.map(drop).unwrap_err().code(), TOO_LATE);
}

pub async fn what_is_asked_after_the_deadline_is_not_sent(db: &Db) {
    let clock = clock();
    let soon = until(db, &clock);
    let order = soon.repository::<Order>().insert(new(1)).await.unwrap();
    clock.advance(MINUTE);
    is_too_late(soon.repository::<Order>().get(order.id).await);
    is_too_late(soon.repository::<Order>().insert(new(2)).await);
    is_too_late(soon.begin(Begin::write()).await);
    is_too_late(soon.begin(Begin::read_only()).await);
    assert_eq!(written(db, &shop(db, "acme")).await, (1, 0));
}

pub async fn a_unit_stops_at_its_deadline_and_is_rolled_back(db: &Db) {
    let clock = clock();
    let soon = until(db, &clock);
    let mut unit = soon.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    clock.advance(MINUTE);
    is_too_late(unit.repository::<Order>().insert(new(2)).await);
    let error = unit.repository::<Order>().insert(new(3)).await.unwrap_err();
    assert_eq!(error.code(), TOO_LATE, "{error:?}");
    is_too_late(unit.commit().await);
    let shop = shop(db, "acme");
    assert_eq!(written(db, &shop).await, (0, 0));
    shop.repository::<Order>().insert(new(1)).await.unwrap(); // nobody is in the way
}

pub async fn a_unit_whose_deadline_has_passed_is_not_committed(db: &Db) {
    let clock = clock();
    let soon = until(db, &clock);
    let mut unit = soon.begin(Begin::write()).await.unwrap();
    unit.repository::<Order>().insert(new(1)).await.unwrap();
    unit.publish(Placed { number: 1 });
    clock.advance(MINUTE);
    is_too_late(unit.commit().await);
    assert_eq!(written(db, &shop(db, "acme")).await, (0, 0));
}

pub async fn a_closure_whose_deadline_has_passed_is_not_repeated(db: &Db) {
    let clock = clock();
    let soon = until(db, &clock);
    let attempts = AtomicU32::new(0);
    let answer = soon.in_tx(Retry::default(), async |unit| {
        attempts.fetch_add(1, Ordering::SeqCst);
        unit.repository::<Order>().insert(new(1)).await?;
        clock.advance(MINUTE);
        unit.repository::<Order>().insert(new(2)).await
    });
    is_too_late(answer.await);
    assert_eq!((attempts.into_inner(), written(db, &shop(db, "acme")).await), (1, (0, 0)));
}
