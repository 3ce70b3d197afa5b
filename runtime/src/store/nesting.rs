//! Which databases have a transaction open around what runs now: who waits there for a turn would wait for itself.
//!
//! What is known belongs to a future and is in force while that future is polled, also on another thread. Of databases in each
//! other the two innermost are known; who waits for one further out is told when it has waited for as long as for any lock.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
};

use crate::error::{Error, ErrorKind};

thread_local! {
    /// The number of the innermost of those databases, [`NONE`] where there is none, [`NOBODY`] where nothing is polled for which
    /// this is kept.
    static INNERMOST: Cell<usize> = const { Cell::new(NOBODY) };
    /// The number of the one around it.
    static NEXT: Cell<usize> = const { Cell::new(NONE) };
}

const NOBODY: usize = 0;
/// No database has this number, nor the other.
const NONE: usize = 1;

/// What is open around a future, or will be once code in it begins a transaction.
#[derive(Debug)]
pub(crate) struct Around(usize);

impl Around {
    /// A future inside a transaction of the database with this number, if there is one.
    pub(crate) fn of(home: Option<usize>) -> Self {
        Self(home.unwrap_or(NONE))
    }

    /// One poll of the future.
    pub(crate) fn run<T>(&mut self, poll: impl FnOnce() -> T) -> T {
        let entered = Left { outside: (INNERMOST.get(), NEXT.get()), around: self };
        entered.enter();
        poll()
    }

    /// All polls of a future.
    pub(crate) async fn keep<F: Future>(mut self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|task| self.run(|| future.as_mut().poll(task))).await
    }
}

/// Takes what is known out of force, also when the poll panics, and keeps it for the next.
struct Left<'a> {
    outside: (usize, usize),
    around: &'a mut Around,
}

impl Left<'_> {
    fn enter(&self) {
        if self.outside.0 == NOBODY {
            INNERMOST.set(NONE);
        }
        if self.around.0 != NONE {
            begun(self.around.0);
        }
    }
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        let innermost = INNERMOST.replace(self.outside.0);
        NEXT.set(self.outside.1);
        if innermost != self.outside.0 && innermost != NONE {
            self.around.0 = innermost;
        }
    }
}

/// Tells that what is polled now has begun a transaction that stays open around it.
pub(crate) fn begun(home: usize) {
    let innermost = INNERMOST.get();
    if innermost != NOBODY && innermost != home {
        NEXT.set(innermost);
        INNERMOST.set(home);
    }
}

/// Runs a future inside a transaction of the database with this number.
pub(crate) fn within<F: Future>(home: usize, future: F) -> impl Future<Output = F::Output> {
    Around(home).keep(future)
}

/// Refuses what has to wait until the transaction ends in which it is asked.
pub(crate) fn refuse_within(home: usize) -> Result<(), Error> {
    if INNERMOST.get() != home && NEXT.get() != home {
        return Ok(());
    }
    let message = "a transaction of this database is open around this call, which would wait for its end; go through \
                   the unit of work, or the context of the handler";
    Err(Error::new(ErrorKind::Config, "unit/nested", message))
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::ready};

    use super::{Around, NONE, begun, refuse_within, within};

    fn refused() -> [bool; 3] {
        [11, 12, 13].map(|home| refuse_within(home).is_err())
    }

    #[test]
    fn what_is_begun_stays_open_around_what_has_begun_it_and_nothing_else() {
        let mut around = Around(NONE);
        begun(11);
        assert_eq!(refused(), [false; 3], "nothing is polled");
        around.run(|| begun(11));
        assert_eq!(refused(), [false; 3], "between two polls others run");
        assert_eq!(around.run(refused), [true, false, false]);
        let inner = around.run(|| {
            Around(NONE).run(|| {
                [refused(), {
                    begun(12);
                    refused()
                }]
            })
        });
        assert_eq!(inner, [[true, false, false], [true, true, false]]);
        assert_eq!(around.run(refused), [true, false, false]);
        let back = around.run(|| {
            within(11, async {
                begun(12);
                begun(11)
            })
            .now_or_never()
            .map(|()| refused())
        });
        assert_eq!(back, Some([true, false, false]), "what was open inside is not open outside");
        let nested = within(13, async { within(11, async { refused() }).await });
        assert_eq!(nested.now_or_never(), Some([true, false, true]));
    }

    #[test]
    fn a_poll_that_panics_leaves_nothing_open() {
        let panics = within(11, ready(()).map(|()| std::panic::resume_unwind(Box::new(()))));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panics.now_or_never())).is_err());
        assert_eq!(refused(), [false; 3]);
    }
}
