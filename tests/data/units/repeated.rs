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
