//! What is run again, and what is not.

use std::sync::atomic::{AtomicU32, Ordering};

use bailiwick::{Error, ErrorKind, repository::Db, unit_of_work::Retry};

use super::{Placed, written};
use crate::rows::shop::{Order, new, shop};

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("the domain says no")]
    No,
    #[error("something, somewhere")]
    Wrapped,
}

impl From<Error> for Trouble {
    fn from(_: Error) -> Self {
        Self::Wrapped
    }
}

pub async fn a_no_of_the_domain_is_not_repeated(db: &Db) {
    let (shop, attempts) = (shop(db, "acme"), AtomicU32::new(0));
    let answer: Result<(), Trouble> = shop
        .in_tx(Retry::default(), async |unit| {
            attempts.fetch_add(1, Ordering::SeqCst);
            unit.repository::<Order>().insert(new(1)).await?;
            unit.publish(Placed { number: 1 });
            Err(Trouble::No)
        })
        .await;
    assert!(matches!(answer, Err(Trouble::No)));
    assert_eq!((attempts.load(Ordering::SeqCst), written(db, &shop).await), (1, (0, 0)));
}

pub async fn an_error_that_may_pass_but_is_not_the_databases_is_not_repeated(db: &Db) {
    let (shop, attempts) = (shop(db, "acme"), AtomicU32::new(0));
    let answer: Result<(), Error> = shop
        .in_tx(Retry::default(), async |_| {
            attempts.fetch_add(1, Ordering::SeqCst);
            Err(Error::new(ErrorKind::Transient, "mail/down", "the mail server is down"))
        })
        .await;
    assert_eq!(answer.unwrap_err().code(), "mail/down");
    assert_eq!(attempts.load(Ordering::SeqCst), 1);
}

pub async fn a_save_that_lost_a_race_is_repeated_where_it_is_asked_however_its_error_is_wrapped(db: &Db) {
    let shop = shop(db, "acme");
    let stale = shop.repository::<Order>().insert(new(1)).await.unwrap();
    let mut newer = stale.clone();
    shop.repository::<Order>().save(&mut newer).await.unwrap();
    for (retry, expected) in [(Retry::default(), 1), (Retry::default().on_conflict(), 2)] {
        let attempts = AtomicU32::new(0);
        let answer: Result<(), Trouble> = shop
            .in_tx(retry, async |unit| {
                let first = attempts.fetch_add(1, Ordering::SeqCst) == 0;
                let mut order = if first { stale.clone() } else { unit.repository::<Order>().get(stale.id).await? };
                unit.repository::<Order>().save(&mut order).await?;
                Ok(())
            })
            .await;
        assert_eq!((attempts.load(Ordering::SeqCst), answer.is_ok()), (expected, expected == 2));
    }
    assert_eq!(shop.repository::<Order>().get(stale.id).await.unwrap().version.get(), 3);
}
