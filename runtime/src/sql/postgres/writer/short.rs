//! The short way to the database: while few callers write, they wake no thread, each commits himself.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    super::{
        super::server::{Held, Readers},
        classify::Failure,
        connection::{Postgres, Server, Session},
        notify::Notices,
        options::PostgresOptions,
    },
    group,
    settle::{self, Witness},
};
use crate::{
    error::Error,
    store::{Commit, Committed, News},
};

/// So many callers are few: more of them are faster together, in the statements of the thread that writes.
const FEW: usize = 8;

/// Connections that belong to whoever writes while few do, and the count of those who write.
pub(in super::super) struct ShortWay {
    connections: Readers<Postgres>,
    callers: AtomicUsize,
    /// There were more than few, and half of that have not gone yet.
    crowded: AtomicBool,
    notices: Arc<Notices>,
    left: Mutex<Option<UnboundedSender<Left>>>,
}

/// One who writes, by whatever way.
pub(in super::super) struct Caller<'a> {
    way: &'a ShortWay,
    among_few: bool,
}

/// What a caller has left who gave up: a server process that may be committing.
pub(super) struct Left {
    server: Server,
    news: News,
}

impl ShortWay {
    /// The way, and what [`attend`] is to look after.
    pub(super) fn new(options: &PostgresOptions, notices: Arc<Notices>) -> (Self, UnboundedReceiver<Left>) {
        let (left, leavings) = unbounded_channel();
        let connections = Readers::new(options.clone(), FEW);
        (
            Self {
                connections,
                callers: AtomicUsize::new(0),
                crowded: AtomicBool::new(false),
                notices,
                left: Mutex::new(Some(left)),
            },
            leavings,
        )
    }

    pub(in super::super) fn enter(&self) -> Caller<'_> {
        if self.callers.fetch_add(1, Ordering::AcqRel) >= FEW {
            self.crowded.store(true, Ordering::Relaxed);
        }
        Caller { way: self, among_few: !self.crowded.load(Ordering::Relaxed) }
    }

    /// Waits for those who are under way, and takes no more.
    pub(in super::super) async fn close(&self) {
        self.connections.close().await;
        *self.left() = None; // ends `attend`
    }

    fn left(&self) -> std::sync::MutexGuard<'_, Option<UnboundedSender<Left>>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Caller<'a> {
    /// A connection, for a commit that is one statement of one of few callers: its server process sees it whole or not at
    /// all when the caller gives up.
    pub(in super::super) fn take(&self, commit: &Commit) -> Option<Held<'a, Postgres>> {
        if self.among_few && group::is_plain(commit) { self.way.connections.try_hold() } else { None }
    }

    /// Commits over it, with one attempt; nothing if that wrote nothing and the writers may do better.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection: the commit happens or does not.
    pub(in super::super) async fn write(
        &self,
        mut held: Held<'a, Postgres>,
        commit: &Commit,
    ) -> Option<Result<Committed, Error>> {
        let session = held.session();
        session.ready().await.ok()?;
        let errand = Errand { way: self.way, server: session.server(), news: News::of(commit) };
        let answer = match group::attempt(session, commit, &mut None).await {
            Ok(done) => Some(Ok(done)),
            Err(Failure::Own(error)) => Some(Err(error)),
            Err(Failure::InDoubt(_)) => match group::doubtful(session, (commit, None)).await {
                Witness::Committed(done) => Some(Ok(done)),
                Witness::Nothing => None,
                Witness::Unknown(error) => Some(Err(error)),
            },
            Err(failure) => {
                let _the_writers_will_meet_it = session.doubt(failure, &session.place());
                None
            }
        };
        errand.done(answer.as_ref());
        held.give_back();
        answer
    }
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        if self.way.callers.fetch_sub(1, Ordering::AcqRel) <= FEW / 2 {
            self.way.crowded.store(false, Ordering::Relaxed);
        }
    }
}

/// A commit under way. What may come of it is told also when its caller gives up.
struct Errand<'a> {
    way: &'a ShortWay,
    server: Option<Server>,
    news: News,
}

impl Errand<'_> {
    fn done(mut self, answer: Option<&Result<Committed, Error>>) {
        let news = std::mem::take(&mut self.news);
        if answer.is_some_and(|answer| answer.as_ref().map_or_else(Error::is_unknown_outcome, |_| true)) {
            self.way.notices.tell(news);
        }
    }
}

impl Drop for Errand<'_> {
    fn drop(&mut self) {
        let news = std::mem::take(&mut self.news);
        if let (Some(server), Some(left), true) = (self.server, &*self.way.left(), news != News::NONE) {
            let _closed = left.send(Left { server, news }); // then nobody is there who could be told
        }
    }
}

/// Looks after what those have left who gave up, until the way is closed: told before it can be seen, news would be missed.
pub(super) async fn attend(options: &PostgresOptions, mut leavings: UnboundedReceiver<Left>, notices: &Notices) {
    let mut batch = Vec::new();
    while leavings.recv_many(&mut batch, usize::MAX).await > 0 {
        let servers: Vec<Server> = batch.iter().map(|left| left.server).collect();
        settle::ended(&mut Session::new(options.clone()), &servers).await;
        notices.tell(batch.drain(..).fold(News::NONE, |news, left| news.and(left.news)));
    }
}
