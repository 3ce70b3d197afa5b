//! A connection while it is used.

use tokio::sync::SemaphorePermit;

use super::{Guard, Readers, Session, here};
use crate::{
    error::Error,
    sql::server::{Dialect, Failure, watch::Watch},
};

/// A connection while it is used. Dropped without [`settle`](Self::settle), it is closed: whoever gave up waiting left an
/// answer in it.
pub(in crate::sql) struct Held<'a, D: Dialect> {
    pub(super) readers: &'a Readers<D>,
    pub(super) session: Session<D>,
    pub(super) guard: Guard,
    pub(super) _room: SemaphorePermit<'a>,
}

impl<D: Dialect> Held<'_, D> {
    /// The connection, to a database that has this program's tables, and who watches over it.
    pub(in crate::sql) async fn connection(&mut self) -> Result<(&mut D::Connection, Watch<D>), Error> {
        self.session.watched().await
    }

    /// Whether the server had closed the connection, perhaps long ago, or the connection knows the tables as they were
    /// once; the next one is a new one.
    pub(in crate::sql) fn was_stale<T>(&mut self, answer: &Result<T, Failure<D::Error>>) -> bool {
        let stale = answer.as_ref().is_err_and(|failure| failure.is_lost() || failure.is_outdated());
        if stale {
            self.session.discard();
        }
        stale
    }

    /// Gives the connection back, if it is well.
    pub(in crate::sql) fn settle<T>(mut self, answer: Result<T, Failure<D::Error>>) -> Result<T, Error> {
        let place = self.session.place();
        let answer = answer.map_err(|failure| self.session.doubt(failure.of_a_read(), &place));
        self.give_back();
        answer
    }

    /// The connection itself, for one who says what is wrong with it.
    pub(in crate::sql) fn session(&mut self) -> &mut Session<D> {
        &mut self.session
    }

    /// Gives the connection back, as it is, and tells the breaker how it did.
    pub(in crate::sql) fn give_back(mut self) {
        self.guard.end(self.session.has_failed());
        self.readers.bring_back(here(), self.session);
    }
}

/// Does on a connection what may be done twice: a connection that the server had closed is replaced once.
macro_rules! on_a_connection {
    ($store:expr, |$db:ident| $work:expr) => {{
        let mut held = $store.readers.hold().await?;
        let mut answer = {
            let ($db, watch) = held.connection().await?;
            watch.over($work).await
        };
        if held.was_stale(&answer) {
            let ($db, watch) = held.connection().await?;
            answer = watch.over($work).await;
        }
        held.settle(answer)
    }};
}
pub(in crate::sql) use on_a_connection;
