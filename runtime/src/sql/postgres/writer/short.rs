//! The short way to the database: a caller who finds nobody else writing wakes no thread, he commits himself.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    super::{
        super::server::{Held, Readers},
        connection::Postgres,
        notify::Notices,
        options::PostgresOptions,
    },
    group,
};
use crate::{
    error::Error,
    store::{Commit, Committed, News},
};

/// A connection that belongs to whoever writes alone, and the count of those who write.
pub(in super::super) struct ShortWay {
    connection: Readers<Postgres>,
    callers: AtomicUsize,
    notices: Arc<Notices>,
}

/// One who writes, by whatever way.
pub(in super::super) struct Caller<'a> {
    way: &'a ShortWay,
    alone: bool,
}

impl ShortWay {
    pub(in super::super) fn new(options: &PostgresOptions, notices: Arc<Notices>) -> Self {
        Self { connection: Readers::new(options.clone(), 1), callers: AtomicUsize::new(0), notices }
    }

    pub(in super::super) fn enter(&self) -> Caller<'_> {
        Caller { way: self, alone: self.callers.fetch_add(1, Ordering::AcqRel) == 0 }
    }

    /// Waits for the one who is under way, and takes no more.
    pub(in super::super) async fn close(&self) {
        self.connection.close().await;
    }
}

impl<'a> Caller<'a> {
    /// The connection, for a commit that is one statement of the only caller: its server process sees it whole or not at
    /// all when the caller gives up.
    pub(in super::super) fn take(&self, commit: &Commit) -> Option<Held<'a, Postgres>> {
        if self.alone && group::is_plain(commit) { self.way.connection.try_hold() } else { None }
    }

    /// Commits over it.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection: the commit happens or does not.
    pub(in super::super) async fn write(
        &self,
        mut held: Held<'a, Postgres>,
        commit: &Commit,
    ) -> Result<Committed, Error> {
        let mut told = Told { notices: &self.way.notices, news: News::of(commit) };
        let answer = group::one(held.session(), commit).await;
        if answer.as_ref().is_err_and(|error| !error.is_unknown_outcome()) {
            told.news = News::NONE;
        }
        held.give_back();
        answer
    }
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.way.callers.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What was committed, or may have been, is told also when the caller gives up.
struct Told<'a> {
    notices: &'a Notices,
    news: News,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.notices.tell(self.news);
    }
}
