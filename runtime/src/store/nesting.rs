//! Which databases have a transaction open around what runs now: who waits there for a turn would wait for itself.

use std::future::Future;

use crate::error::{Error, ErrorKind};

tokio::task_local! {
    static OPEN: Vec<usize>;
}

/// Runs a future inside a transaction of the database with this number.
pub(crate) fn within<F: Future>(home: usize, future: F) -> impl Future<Output = F::Output> {
    let mut open = OPEN.try_with(Clone::clone).unwrap_or_default();
    open.push(home);
    OPEN.scope(open, future)
}

/// Refuses what has to wait until the transaction ends in which it is asked.
pub(crate) fn refuse_within(home: usize) -> Result<(), Error> {
    if !OPEN.try_with(|open| open.contains(&home)).unwrap_or_default() {
        return Ok(());
    }
    let message = "a transaction of this database is open around this call, which would wait for its end; go through \
                   the unit of work";
    Err(Error::new(ErrorKind::Config, "unit/nested", message))
}
