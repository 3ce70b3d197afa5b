//! What a store tells those who wait: that there is something new.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::watch;

use super::{Commit, DeadLetterChange, DeadState};

/// What is new in a store; several things at once are one value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct News(u8);

impl News {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Events were appended.
    pub const EVENTS: Self = Self(1);
    /// A checkpoint moved, or another generation of a read model went live.
    pub const CHECKPOINTS: Self = Self(2);
    /// Messages were put into the outbox.
    pub const OUTBOX: Self = Self(4);
    /// Somebody decided about dead letters: they are to be tried again, or are gone.
    pub const LETTERS: Self = Self(8);
    /// All of these: somebody who may have missed some looks everywhere.
    pub const ALL: Self = Self(15);

    /// What a commit brings.
    #[must_use]
    pub fn of(commit: &Commit) -> Self {
        use DeadLetterChange::{Mark, Remove};
        let decided = |change: &DeadLetterChange| matches!(change, Remove(_) | Mark(_, DeadState::Requeued));
        let when = |is: bool, news: Self| if is { news } else { Self::NONE };
        when(commit.appends.iter().any(|append| !append.events.is_empty()), Self::EVENTS)
            .and(when(!commit.checkpoints.is_empty() || !commit.generations.is_empty(), Self::CHECKPOINTS))
            .and(when(!commit.outbox.is_empty(), Self::OUTBOX))
            .and(when(commit.dead.iter().any(decided), Self::LETTERS))
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether some of `other` is in it.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// As a number, to be sent to another process.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// From the number of a process that may know more than this one.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

/// The bells of a store: whoever has something new rings, and those in this process who wait look. Clones share them.
///
/// They are hints. Who waits looks again after a while all the same, and finds all that is there; so a call that is lost
/// costs time and nothing else. A store that answers them from [`Store::signals`](super::Store::signals) rings for each commit
/// of its own whose outcome is success or unknown, also when the caller has left, and for what it hears of other processes.
#[derive(Clone, Default)]
pub struct Signals(Arc<Bells>);

#[derive(Default)]
struct Bells {
    events: watch::Sender<()>,
    checkpoints: watch::Sender<()>,
    outbox: watch::Sender<()>,
    letters: watch::Sender<()>,
    /// Somebody has waited.
    wanted: watch::Sender<bool>,
    hearing: AtomicBool,
}

impl Signals {
    /// Bells for which nobody waits yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wakes those who wait for some of this. Without a listener it is a look at each bell.
    pub fn tell(&self, news: News) {
        let Bells { events, checkpoints, outbox, letters, .. } = &*self.0;
        let bells = [events, checkpoints, outbox, letters];
        let kinds = [News::EVENTS, News::CHECKPOINTS, News::OUTBOX, News::LETTERS];
        for (bell, _) in bells.into_iter().zip(kinds).filter(|(_, kind)| news.has(*kind)) {
            if bell.receiver_count() > 0 {
                bell.send_replace(());
            }
        }
    }

    /// Says whether the store hears of what other processes commit. While it does, who waits looks less often: once a
    /// second. When it no longer does, all are woken.
    pub fn set_hearing(&self, hearing: bool) {
        if self.0.hearing.swap(hearing, Ordering::AcqRel) && !hearing {
            self.tell(News::ALL);
        }
    }

    /// Waits until somebody has waited for news: before that, nobody need listen to other processes.
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn wanted(&self) {
        let mut wanted = self.0.wanted.subscribe();
        let _wanted = wanted.wait_for(|wanted| *wanted).await; // the sender lives as long as this
    }

    /// Whether the store says that it hears of what other processes commit.
    #[must_use]
    pub fn is_hearing(&self) -> bool {
        self.0.hearing.load(Ordering::Acquire)
    }

    /// Changes with each piece of news of one kind: [`EVENTS`](News::EVENTS), [`OUTBOX`](News::OUTBOX) and so on.
    pub(super) fn listen(&self, kind: News) -> watch::Receiver<()> {
        let bells = &*self.0;
        bells.wanted.send_if_modified(|wanted| !std::mem::replace(wanted, true));
        let bell = match kind {
            News::EVENTS => &bells.events,
            News::CHECKPOINTS => &bells.checkpoints,
            News::OUTBOX => &bells.outbox,
            _ => &bells.letters,
        };
        bell.subscribe()
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").field("hearing", &self.is_hearing()).finish_non_exhaustive()
    }
}
