//! How a projection does, and the wait for it.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{AnyProjection, Mode, Standstill, shadow::filled};
use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
    store::{AnyStore, News},
    version::Position,
};

const LOOK_FROM: Duration = Duration::from_millis(5);
const LOOK_TO: Duration = Duration::from_millis(100);
/// The same while the store hears of the commits of other processes.
const LOOK_HEARING: Duration = Duration::from_secs(1);

/// How a projection does.
#[derive(Debug, Clone)]
pub struct Status {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
    /// When it runs.
    pub mode: Mode,
    /// Everything up to here is in its live read models; an inline projection is always at the head.
    pub position: Position,
    /// The newest event.
    pub head: Position,
    /// How many events it has not taken yet, at most: positions may have holes.
    pub behind: u64,
    /// How old the oldest event is that it has not taken yet; zero if it has caught up.
    pub lag: Duration,
    /// Who follows for it, in whatever process.
    pub owner: Option<String>,
    /// Why the follower of this process stands still.
    pub standstill: Option<Standstill>,
    /// How far an unfinished rebuild is, also one that was interrupted and is to be gone on with.
    pub rebuilt: Option<Position>,
    /// All this in a word.
    pub condition: Condition,
}

/// How a projection does, in a word. Of several that are true, the first is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The follower of this process meets an error again and again. What followers of other processes meet, they tell.
    StandingStill,
    /// A rebuild of its read models was begun and has not gone live, or was interrupted; the live ones may go on meanwhile.
    Rebuilding,
    /// It has taken every event.
    CaughtUp,
    /// It is behind, and somebody follows.
    Following,
    /// It is behind, and nobody follows.
    Unattended,
}

impl Status {
    pub(crate) async fn of(
        store: &AnyStore,
        clock: &Clock,
        projection: &AnyProjection,
        standstill: Option<Standstill>,
    ) -> Result<Self, Error> {
        let (name, version, mode) = (projection.name(), projection.version(), projection.mode());
        let position = position(store, projection).await?;
        let head = store.head().await?;
        let (position, owner) = match position {
            None => (head, None),
            Some(position) => (position, store.holder(projection.checkpoint()).await?),
        };
        let lag = match mode {
            Mode::Inline => Duration::ZERO,
            Mode::Async => lag(store, clock, position).await?,
        };
        let behind = head.get().saturating_sub(position.get());
        let rebuilt = filled(store, projection).await?;
        let condition = match (standstill.is_some(), rebuilt.is_some(), owner.is_some()) {
            (true, ..) => Condition::StandingStill,
            (_, true, _) => Condition::Rebuilding,
            _ if behind == 0 => Condition::CaughtUp,
            (.., true) => Condition::Following,
            _ => Condition::Unattended,
        };
        Ok(Self { name, version, mode, position, head, behind, lag, owner, standstill, rebuilt, condition })
    }
}

/// How old the event after a position is; a damaged one has no age.
async fn lag(store: &AnyStore, clock: &Clock, position: Position) -> Result<Duration, Error> {
    let next = store.log(position, 1).await?.pop();
    let time = next.and_then(|row| row.event.ok()).map(|row| row.event.envelope.time);
    Ok(time.map_or(Duration::ZERO, |time| clock.now().since(time)))
}

/// Where the live read models of a projection stand; `None` if it is written with each append.
pub(super) async fn position(store: &AnyStore, projection: &AnyProjection) -> Result<Option<Position>, Error> {
    match projection.mode() {
        Mode::Inline => Ok(None),
        Mode::Async => Ok(Some(store.checkpoint(projection.checkpoint()).await?.unwrap_or_default())),
    }
}

/// Waits until the live read models of a projection have everything up to a position.
pub(crate) async fn caught_up(
    store: &AnyStore,
    projection: &AnyProjection,
    (wanted, within): (Position, Duration),
) -> Result<(), Error> {
    let (mut moved, mut pause) = (store.listen(News::CHECKPOINTS), LOOK_FROM);
    moved.mark_unchanged();
    let mut stands = match position(store, projection).await? {
        Some(position) if position < wanted => position,
        _ => return Ok(()),
    };
    let waited = timeout(within, async {
        loop {
            tokio::select! {
                Ok(()) = moved.changed() => {}
                () = sleep(pause) => {
                    pause = (pause * 2).min(if store.hears() { LOOK_HEARING } else { LOOK_TO });
                }
            }
            moved.mark_unchanged();
            match position(store, projection).await? {
                Some(position) if position < wanted => stands = position,
                _ => return Ok(()),
            }
        }
    });
    waited.await.unwrap_or_else(|_| Err(late(projection, wanted).with("stands", stands)))
}

fn late(projection: &AnyProjection, wanted: Position) -> Error {
    let message = "the projection has not come to this position in time; see `projections()`, or answer without it";
    let error = Error::new(ErrorKind::Transient, "projection/behind", message);
    error.with("projection", projection.name()).with("position", wanted)
}

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many events this run has taken; what a former run had taken is not counted.
    pub events: u64,
    /// Everything up to here is in the shadow generation.
    pub position: Position,
    /// The newest event.
    pub head: Position,
}

/// What a rebuild did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many events this run has taken.
    pub events: u64,
    /// Where a former run had stopped; [`Position::START`] if this one began anew.
    pub resumed: Position,
    /// Where the rebuilt read models stood when they went live.
    pub position: Position,
}
