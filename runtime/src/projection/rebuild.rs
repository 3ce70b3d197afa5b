//! Rebuilding the read models of a projection while they are read and written.

use std::{fmt, time::Duration};

use tokio::time::sleep;

use super::{
    AnyProjection, Projection,
    batch::Batch,
    follow::BATCH,
    shadow::{self, Shadow},
    status::{Progress, Rebuilt, position},
    swap::{self, Swapped},
    work::{RETRY_FROM, RETRY_TO},
};
use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
    resilience::Backoff,
    store::{AnyStore, Fence, Holding, Tenure},
    version::Position,
};

/// How long a rebuild rests after the process that made it was killed.
const LEASE: Duration = Duration::from_secs(3);
/// How often a lease that another has is asked for before that is an error: for a little longer than it lasts.
const ASKED: u32 = 16;
/// How long it waits for an event that is on its way, or after a swap that was refused: twice as long each time, to a cap.
const PAUSE: Duration = Duration::from_millis(5);
const PAUSE_TO: Duration = Duration::from_millis(250);
/// So much trouble, one after the other, does not pass by itself.
const TRIES: u32 = 12;

type Watch = Box<dyn FnMut(Progress) + Send>;

/// How far one run has come.
#[derive(Default)]
struct Run {
    shadow: Option<Shadow>,
    /// Where it found the shadow.
    resumed: Option<Position>,
    events: u64,
    /// How often it has begun again.
    again: u32,
}

/// What a pass did.
enum Pass {
    Took,
    /// Nothing is to be taken, and it may not go live yet.
    Behind,
    Live(Shadow),
}

/// Makes the read models of a projection anew from the first event, without downtime.
///
/// It fills a *shadow generation* beside the live one, which is read and written meanwhile as ever. Once the shadow holds
/// everything that the live one does, one transaction makes it the live one, for all readers and writers in all processes
/// at once; then the old rows are deleted, a thousand at a time. Read models that the projection once wrote and the
/// rebuild does not are empty afterwards. Of what the projection stages, only changes of read models are written: see
/// [`Transaction::is_rebuilding`](crate::Transaction::is_rebuilding).
///
/// A rebuild that was interrupted, also by the end of its process, goes on where it stopped when the same version of the
/// projection is rebuilt again. There is one at a time, by a lease; a second one is refused after some seconds.
///
/// It goes live where the live generation stands: no event takes effect twice, none is left out. An asynchronous projection
/// stands at its checkpoint. The shadow is filled up to there and never beyond, and the swap is refused if the follower has
/// moved meanwhile. What comes after it, the follower takes as ever, with its messages. A projection that stands still is
/// rebuilt up to where it stands; one that has never followed has no checkpoint, and its rebuild is empty. An inline one
/// stands at the end of the log: the swap waits for appends that are under way and is refused if one came after the last
/// event that the shadow has. After a refusal the rebuild follows on and tries again. If events come faster, for ever, than
/// a pass from reading to the swap takes, a rebuild does not end; its shadow stays close behind, and the first gap lets it
/// end.
///
/// If a subject is [forgotten](crate::App::forget) after the rebuild has opened sensitive values, it begins again, because its
/// rows may have what it took out. That is looked at in the transaction that goes live, and when an interrupted rebuild
/// is gone on with. A rebuild that opens none is not disturbed.
///
/// The read models are those of the projection's version ([`AnyProjection::owner`]). Those of another version stay as they
/// are, also while its followers run in older processes.
#[must_use = "nothing happens before `run`"]
pub struct Rebuild {
    pub(super) store: AnyStore,
    pub(super) projection: AnyProjection,
    pub(super) holding: Holding,
    lease: Duration,
    batch: usize,
    anew: bool,
    watch: Option<Watch>,
}

impl Rebuild {
    /// A rebuild of a projection, in batches of 500 events.
    pub fn new<P: Projection>(store: AnyStore, projection: P) -> Self {
        Self::of(store, AnyProjection::new(projection))
    }

    /// A rebuild of any projection.
    pub fn of(store: AnyStore, projection: AnyProjection) -> Self {
        let holder = format!("rebuild-{}", Clock::system().uuid());
        let holding = Holding::new(shadow::resource(&projection), holder, LEASE);
        Self { store, projection, holding, lease: LEASE, batch: BATCH, anew: false, watch: None }
    }

    /// How many events one transaction takes: at least 1.
    pub fn batches_of(mut self, events: usize) -> Self {
        self.batch = events.max(1);
        self
    }

    /// How long a rebuild rests after the process that made it was killed: 3 s unless this says otherwise.
    pub fn lease(mut self, ttl: Duration) -> Self {
        self.lease = ttl;
        self.holding.ttl(ttl);
        self
    }

    /// Begins with the first event even if an interrupted rebuild is there: after a change of the projection's code.
    pub fn anew(mut self) -> Self {
        self.anew = true;
        self
    }

    /// Is told after each transaction how far the rebuild has come.
    pub fn on_progress(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }

    /// Rebuilds, goes live and deletes the old rows.
    ///
    /// # Errors
    /// `projection/rebuilding` if another rebuild of the projection is under way; `projection/forgotten` if subjects were
    /// forgotten during each of twelve passes; `projection/failed` with the event that
    /// it refuses; what the store answers. Trouble that may pass, such as a lost connection, is first tried again twelve
    /// times, with pauses as a follower makes them: about a minute in all. A full disk (`db/full`) is told at once. The
    /// live read models are as they were, and another run goes on from there; after `projection/forgotten` it begins at the start.
    ///
    /// # Cancel safety
    /// Dropping the future interrupts the rebuild between two transactions; another run goes on from there, once the lease
    /// has ended.
    pub async fn run(mut self) -> Result<Rebuilt, Error> {
        let answer = self.rebuild().await;
        self.holding.release(&self.store).await;
        answer
    }

    async fn rebuild(&mut self) -> Result<Rebuilt, Error> {
        let (mut run, mut faults, mut idle) = (Run::default(), Backoff::new(RETRY_FROM, RETRY_TO), PAUSE);
        loop {
            match self.pass(&mut run).await {
                Ok(Pass::Took) => (faults, idle) = (Backoff::new(RETRY_FROM, RETRY_TO), PAUSE),
                Ok(Pass::Behind) => {
                    sleep(idle).await;
                    idle = (idle * 2).min(PAUSE_TO);
                }
                Ok(Pass::Live(shadow)) => {
                    if let Err(error) = self.sweep(shadow.fence).await {
                        self.unswept(&error); // it is live all the same; the next workers, or another rebuild, delete them
                    }
                    let resumed = run.resumed.unwrap_or_default();
                    return Ok(Rebuilt { events: run.events, resumed, position: shadow.position });
                }
                Err(error) if passes(&error) && faults.failures() < TRIES => {
                    sleep(self.troubled(error, &mut faults)).await
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes a batch, or goes live. After an error the shadow is looked for anew.
    async fn pass(&mut self, run: &mut Run) -> Result<Pass, Error> {
        let mut shadow = match run.shadow.take() {
            Some(shadow) => self.hold(shadow).await?,
            None => self.claim().await?,
        };
        run.resumed.get_or_insert(shadow.position);
        let (batch, to) = self.next(shadow.position).await?;
        let (last, idle) = (batch.last, to == shadow.position);
        if !idle {
            let taken = batch.len() as u64;
            self.take(&mut shadow, (batch, to)).await?;
            run.events += taken;
            self.tell(run.events, shadow.position).await?;
        }
        if last {
            match swap::swap(&self.store, &self.projection, &shadow).await? {
                Swapped::Live => return Ok(Pass::Live(shadow)),
                Swapped::Behind => {}
                Swapped::Outdated => return self.begin_again(run, shadow.fence).await,
            }
        }
        run.shadow = Some(shadow);
        Ok(if idle { Pass::Behind } else { Pass::Took })
    }

    /// The next pass finds that the shadow is outdated, and makes another.
    async fn begin_again(&mut self, run: &mut Run, fence: Fence) -> Result<Pass, Error> {
        let (projection, again) = (self.projection.name(), run.again + 1);
        if again == TRIES {
            Shadow::give_up(&self.store, &self.projection, fence.clone()).await?;
            self.sweep(fence).await?;
            let message = "somebody was forgotten during each of many passes; rebuild at another time";
            let error = Error::new(ErrorKind::Conflict, "projection/forgotten", message);
            return Err(error.with("projection", projection));
        }
        tracing::warn!(projection, again, "a rebuild begins again: somebody was forgotten whose values it may have");
        *run = Run { again, ..Run::default() };
        Ok(Pass::Behind)
    }

    fn troubled(&self, error: Error, faults: &mut Backoff) -> Duration {
        let (pause, projection) = (faults.fail(&Clock::system()), self.projection.name());
        tracing::warn!(code = error.code(), ?error, projection, attempts = faults.failures(), "a rebuild waits");
        pause
    }

    /// What the live generation has and the shadow has not: events, and where the shadow stands with them.
    async fn next(&mut self, after: Position) -> Result<(Batch, Position), Error> {
        let live = position(&self.store, &self.projection).await?;
        let batch = Batch::read(&self.store, after, self.batch).await?.until(live);
        let to = live.filter(|_| batch.last).or(batch.end()).map_or(after, |to| to.max(after));
        Ok((batch, to))
    }

    /// Takes the lease, which the holder of a rebuild that was killed may still have for a moment, and finds or makes the
    /// shadow.
    async fn claim(&mut self) -> Result<Shadow, Error> {
        for _ in 0..ASKED {
            if let Tenure::New(fence) | Tenure::Same(fence) = self.holding.hold(&self.store).await? {
                return self.open(fence).await;
            }
            sleep(self.lease / (ASKED - 4)).await;
        }
        Err(self.elsewhere())
    }

    /// Renews the lease. If it was lost for a while, the shadow may have become another's.
    async fn hold(&mut self, shadow: Shadow) -> Result<Shadow, Error> {
        match self.holding.hold(&self.store).await? {
            Tenure::Same(_) => Ok(shadow),
            Tenure::New(fence) => self.open(fence).await,
            Tenure::Elsewhere => Err(self.elsewhere()),
        }
    }

    pub(super) fn elsewhere(&self) -> Error {
        let message = "another rebuild of this projection is under way; wait for its end";
        Error::new(ErrorKind::Conflict, "projection/rebuilding", message).with("projection", self.projection.name())
    }

    async fn open(&mut self, fence: Fence) -> Result<Shadow, Error> {
        swap::refuse_parked(&self.store, &self.projection).await?;
        let found = Shadow::find(&self.store, &self.projection, fence.clone()).await?;
        // A checkpoint that was set back: the shadow has what is to have its effect again.
        let live = position(&self.store, &self.projection).await?;
        let found = found.filter(|shadow| !self.anew && live.is_none_or(|live| shadow.position <= live));
        match found {
            Some(shadow) if !shadow.is_outdated(&self.store).await? => Ok(shadow),
            _ => {
                Shadow::give_up(&self.store, &self.projection, fence.clone()).await?;
                let fence = self.sweep(fence).await?;
                self.anew = false;
                Shadow::make(&self.store, &self.projection, fence).await
            }
        }
    }

    async fn tell(&mut self, events: u64, position: Position) -> Result<(), Error> {
        if let Some(watch) = &mut self.watch {
            let head = self.store.head().await?.max(position);
            watch(Progress { events, position, head });
        }
        Ok(())
    }
}

/// Whether trouble may pass by itself, as that of a connection. Room on a full disk is made by people: they are told.
fn passes(error: &Error) -> bool {
    error.is_transient() && error.code() != "db/full"
}

impl fmt::Debug for Rebuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rebuild({})", self.projection.name())
    }
}
