//! A follower at work: its lease, its pauses, what it does after an error.

use std::{future::Future, pin::pin, time::Duration};

use tokio::{join, sync::watch, task::yield_now, time::sleep};

use super::{
    Follower, Standstill,
    batch::{Batch, Pages},
    follow::BATCH,
    park::Parking,
};
use crate::{
    clock::Clock,
    error::Error,
    resilience::Backoff,
    store::{DeadLetter, Fence, Holding, News, Tenure},
    version::Position,
};

const IDLE_FROM: Duration = Duration::from_millis(20);
const IDLE_TO: Duration = Duration::from_millis(250);
/// The same while the store hears of the commits of other processes.
const IDLE_HEARING: Duration = Duration::from_secs(1);
/// Who has come to the end of the log leaves the others this time to add some more.
const GATHER: Duration = Duration::from_millis(1);
/// After so many looks in vain the lease is given back: an idle follower writes nothing.
const QUIET: u32 = 16;
/// How long who has not the lease waits before it asks again.
const ELSEWHERE: Duration = Duration::from_millis(500);
/// The pause after an error grows from here.
pub(super) const RETRY_FROM: Duration = Duration::from_millis(100);
pub(super) const RETRY_TO: Duration = Duration::from_secs(30);

/// So many lost races, one after the other, are no accident.
const RACES: u32 = 16;

/// What a pass found.
enum Pass {
    Took {
        /// Nothing more was there.
        all: bool,
    },
    Nothing,
    /// Another follower has the lease.
    Elsewhere,
}

pub(super) struct Worker<'a> {
    follower: &'a Follower,
    holding: Holding,
    parking: Option<Parking>,
    appended: watch::Receiver<()>,
    letters: watch::Receiver<()>,
    /// News of letters has ended a pause, and no pass has read them since.
    decided: bool,
    clock: Clock,
    faults: Backoff,
    idle: Duration,
    quiet: u32,
    /// Others who were faster, one after the other.
    races: u32,
    pages: Pages,
    /// Where its own last commit has left the checkpoint: while it goes on under its lease, it need not ask. A commit finds
    /// out if that is wrong.
    at: Option<Position>,
    /// Another follower had the lease when it was asked for last.
    elsewhere: bool,
}

impl<'a> Worker<'a> {
    pub(super) fn new(follower: &'a Follower) -> Self {
        Self {
            follower,
            holding: follower.holding(),
            parking: Parking::of(follower),
            appended: follower.store.listen(News::EVENTS),
            letters: follower.store.listen(News::LETTERS),
            decided: false,
            clock: Clock::system(),
            faults: Backoff::new(RETRY_FROM, RETRY_TO),
            idle: follower.looks.unwrap_or(IDLE_FROM),
            quiet: 0,
            races: 0,
            pages: Pages::default(),
            at: None,
            elsewhere: false,
        }
    }

    pub(super) async fn run(mut self, shutdown: impl Future<Output = ()> + Send) {
        let mut shutdown = pin!(shutdown);
        loop {
            self.appended.mark_unchanged(); // what comes from here on is seen by this pass, or wakes it
            let letters = self.parking.is_some();
            let (pause, wakes) = match self.pass().await {
                Ok(pass) => self.went(&pass),
                Err(error) => (self.failed(error), false),
            };
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                () = wait(pause) => self.at = self.at.filter(|_| !wakes), // nobody told it: it looks at everything
                Ok(()) = self.appended.changed(), if wakes => {}
                Ok(()) = self.letters.changed(), if wakes && letters => self.decided = true,
            }
        }
        self.holding.release(&self.follower.store).await;
    }

    async fn pass(&mut self) -> Result<Pass, Error> {
        let follower = self.follower;
        if self.stands_by().await? {
            return Ok(Pass::Elsewhere);
        }
        let (mut from, mut batch) = self.next().await?;
        let mut letters = self.letters().await?;
        if batch.len() == 0 && letters.is_empty() {
            return Ok(self.found_nothing().await);
        }
        let fence = match self.holding.hold(&follower.store).await? {
            Tenure::Elsewhere => return Ok(Pass::Elsewhere),
            Tenure::Same(fence) => fence,
            Tenure::New(fence) => {
                let stands = follower.stood().await?;
                if stands != from {
                    (from, batch) = (stands, follower.after(stands, &mut self.pages).await?); // the former holder took some
                }
                letters = self.letters().await?;
                fence
            }
        };
        let all = batch.last;
        self.work((from, &batch), letters, fence).await?;
        self.at = batch.end().filter(|_| self.parking.is_none());
        Ok(Pass::Took { all })
    }

    /// Where the checkpoint stands, and what comes next.
    async fn next(&mut self) -> Result<(Option<Position>, Batch), Error> {
        match self.at {
            None => self.follower.next(&mut self.pages).await,
            at => Ok((at, self.follower.after(at, &mut self.pages).await?)),
        }
    }

    /// Takes the events, or tries letters again, under the lease.
    async fn work(
        &mut self,
        (from, batch): (Option<Position>, &Batch),
        letters: Vec<DeadLetter>,
        fence: Fence,
    ) -> Result<(), Error> {
        let Self { follower, holding, parking, pages, .. } = self;
        let work = async {
            match parking {
                None => follower.take(from, batch, Some(fence)).await,
                Some(parking) if letters.is_empty() => parking.take(follower, (from, batch), fence).await,
                Some(parking) => parking.retry(follower, letters, &fence).await,
            }
        };
        let (done, ()) = join!(holding.during(&follower.store, work), pages.read_ahead(&follower.store, BATCH));
        done
    }

    /// Whether another still has the lease: who stands by learns that from one row, and reads no events.
    async fn stands_by(&self) -> Result<bool, Error> {
        let Follower { store, checkpoint, .. } = self.follower;
        Ok(self.elsewhere && store.holder(checkpoint.clone()).await?.is_some())
    }

    async fn found_nothing(&mut self) -> Pass {
        if self.quiet == QUIET {
            self.holding.release(&self.follower.store).await;
        }
        Pass::Nothing
    }

    /// The parked events that are to be tried again.
    async fn letters(&mut self) -> Result<Vec<DeadLetter>, Error> {
        match &mut self.parking {
            Some(parking) => {
                let told = self.letters.has_changed().unwrap_or(false);
                self.letters.mark_unchanged();
                if std::mem::take(&mut self.decided) | told {
                    parking.decided();
                }
                parking.again(&self.follower.store).await
            }
            None => Ok(Vec::new()),
        }
    }

    /// How long it waits, and whether a commit ends that.
    fn went(&mut self, pass: &Pass) -> (Duration, bool) {
        self.elsewhere = matches!(pass, Pass::Elsewhere);
        match pass {
            Pass::Took { all } => {
                (self.idle, self.quiet, self.races) = (self.follower.looks.unwrap_or(IDLE_FROM), 0, 0);
                self.faults.reset();
                self.follower.stands(None);
                (if *all { GATHER } else { Duration::ZERO }, false)
            }
            Pass::Nothing => {
                let pause = self.idle;
                let longest = if self.follower.store.hears() { IDLE_HEARING } else { IDLE_TO };
                let next = self.follower.looks.unwrap_or_else(|| (self.idle * 2).min(longest));
                (self.idle, self.quiet) = (next, self.quiet.saturating_add(1));
                (pause, true)
            }
            Pass::Elsewhere => {
                self.at = None;
                self.follower.stands(None);
                (ELSEWHERE, false)
            }
        }
    }

    fn failed(&mut self, error: Error) -> Duration {
        self.at = None;
        if error.code() == "lease/lost" {
            self.holding.lose();
        }
        self.races += 1;
        if matches!(error.code(), "lease/lost" | "store/seen_changed") && self.races <= RACES {
            return IDLE_FROM; // another follower was faster, or a rebuild went live
        }
        let pause = self.faults.fail(&self.clock);
        let attempts = self.faults.failures();
        let projection = self.follower.name();
        tracing::error!(code = error.code(), ?error, projection, attempts, "a projection stands still");
        self.follower.stands(Some(Standstill { error, attempts }));
        pause
    }
}

/// Waits; without a time it lets others go first. A timer would take a millisecond for that.
async fn wait(time: Duration) {
    if time.is_zero() { yield_now().await } else { sleep(time).await }
}
