//! Tells other processes that something was committed, and hears it from them.
//!
//! | who | when |
//! |---|---|
//! | the voice, a connection that commits nothing else | opened by the first news; tells at most every 20 ms, all in one notice |
//! | the ear, a connection that listens | opened when somebody first waits for news; opened again, with back-off, when it is lost |
//!
//! A NOTIFY in the transaction of a commit would make all commits of the database wait for each other. So the news of a
//! commit is noted where its outcome is learned, whatever became of its caller, and told on a connection of its own; an
//! unknown outcome is news, too. A store that closes tells what is still untold.
//!
//! The channel bears the number of the table `bw_event`: stores in other schemas do not hear it. A notice names the store
//! that tells and what is new, and no more, for it is a hint: who was woken looks for himself. A store does not wake for its
//! own notices, but they prove that notices arrive: while it listens it sends itself one that tells nothing every 10 s, and
//! until the first came back, or when one did not by the next, nobody looks less often than without. Who listens anew has
//! missed something and wakes everybody.

mod ear;
mod voice;

use std::time::Duration;

use tokio::sync::watch;

use self::voice::Untold;
use super::options::PostgresOptions;
use crate::{
    clock::Clock,
    id::Uuid,
    store::{News, Signals},
};

/// How long each connection takes to say what it has to say, and goodbye, at most.
const GOODBYE: Duration = Duration::from_secs(1);

/// The channel of the store, on which it tells and hears; NULL without tables.
macro_rules! channel {
    () => {
        "'bailiwick_' || to_regclass('bw_event')::oid::text"
    };
}
use channel;

/// What the writers, the voice and the ear of one store share.
pub(super) struct Notices {
    /// Whose notices are its own.
    id: Uuid,
    signals: Signals,
    untold: Untold,
    closed: watch::Sender<bool>,
    wanted: bool,
}

impl Notices {
    pub(super) fn new(options: &PostgresOptions) -> Self {
        Self {
            id: Clock::system().uuid(),
            signals: Signals::new(),
            untold: Untold::default(),
            closed: watch::Sender::new(false),
            wanted: options.notices,
        }
    }

    /// Wakes those of this process, and has it told to others.
    pub(super) fn tell(&self, news: News) {
        if news == News::NONE {
            return;
        }
        self.signals.tell(news);
        if self.wanted {
            self.untold.add(news.bits());
        }
    }

    pub(super) fn signals(&self) -> Signals {
        self.signals.clone()
    }

    /// Nothing more will be committed.
    pub(super) fn close(&self) {
        self.closed.send_replace(true);
    }

    async fn closed(&self) {
        let mut closed = self.closed.subscribe();
        let _closed = closed.wait_for(|closed| *closed).await; // the sender lives as long as this
    }
}

/// Tells and hears until it is closed and everything is told.
pub(super) async fn run(options: &PostgresOptions, notices: &Notices) {
    if notices.wanted {
        tokio::join!(voice::speak(options, notices), ear::listen(options, notices));
    }
}
