//! Events that a projection refuses, parked so that others go on.
//!
//! Order is kept per stream: what follows a parked event in its stream is parked behind it. A letter that is requeued, or
//! whose predecessors were removed, goes through the projection before anything behind it; the stream is free again when
//! none of its letters is left.

use std::collections::HashSet;

use super::{Follower, batch::Batch};
use crate::{
    clock::Clock,
    envelope::{Envelope, StoredEvent, StreamId},
    error::Error,
    sensitive::Ring,
    store::{
        AnyStore, Blocked, CheckpointMove, Commit, DeadLetter, DeadLetterChange, DeadSource, DeadState, Fence, Lane,
        Load, OutboxMessage, Transaction,
    },
    version::Position,
};

/// How many letters are tried again in one pass.
const AGAIN: usize = 100;
/// Dead letters that are read at once.
const PAGE: usize = 512;

/// What a follower that parks knows.
pub(super) struct Parking {
    blocked: Blocked,
    after: u32,
    clock: Clock,
}

impl Parking {
    /// For a projection that parks.
    pub(super) fn of(follower: &Follower) -> Option<Self> {
        let after = follower.projection.park_after()?;
        let blocked = Blocked::new(source(follower.name()));
        Some(Self { blocked, after, clock: Clock::system() })
    }

    /// Somebody has decided about letters: all are read the next time.
    pub(super) const fn decided(&mut self) {
        self.blocked.forget();
    }

    /// The letters that are to be tried again now.
    pub(super) async fn again(&mut self, store: &AnyStore) -> Result<Vec<DeadLetter>, Error> {
        self.blocked.refresh(store, AGAIN).await?;
        Ok(self.blocked.take_again())
    }

    /// Takes a batch up to an event that fails. That one is parked once it was tried often enough; before that, its error
    /// is answered.
    pub(super) async fn take(
        &mut self,
        follower: &Follower,
        (from, batch): (Option<Position>, &Batch),
        fence: Fence,
    ) -> Result<(), Error> {
        let tenant = batch.events().first().and_then(|event| event.envelope.metadata.tenant.clone());
        let mut transaction = Transaction::new(follower.store.clone(), tenant);
        // Trouble with keys is no fault of an event: nothing is counted, nothing parked.
        let ring = follower.projection.keys(batch.events(), &mut transaction).await?;
        let (mut taken, mut refused) = (None, None);
        for event in batch.events() {
            match self.one(follower, (event, &ring), &mut transaction).await {
                Ok(true) => taken = Some(event.position),
                Ok(false) => {
                    taken = Some(event.position); // parked: what follows in its stream is looked at anew
                    break;
                }
                Err(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        let moved = taken.map(|to| CheckpointMove { name: follower.checkpoint.clone(), from, to });
        transaction.staged_mut().checkpoints.extend(moved);
        if !transaction.staged_mut().checkpoints.is_empty() {
            commit(follower, transaction, fence).await?;
        }
        refused.map_or(Ok(()), Err)
    }

    /// Projects an event, or parks it: false if it was the one that failed.
    async fn one(
        &mut self,
        follower: &Follower,
        (event, ring): (&StoredEvent, &Ring),
        tx: &mut Transaction,
    ) -> Result<bool, Error> {
        follower.projection.refuse_unlogged(event)?;
        let message = message(event);
        if follower.projection.reads(event) && self.blocked.block(&message).is_some() {
            tx.staged_mut().dead.push(self.park(follower, message, Err(())));
            return Ok(true);
        }
        let mark = tx.mark();
        let Err(error) = follower.projection.open(event, ring, tx).await else { return Ok(true) };
        tx.roll_back_to(mark);
        let error = error.with("position", event.position);
        if error.is_transient() || error.is_conflict() {
            return Err(error);
        }
        let attempts = self.count(follower, event.position, tx).await?;
        if attempts < self.after {
            return Err(error);
        }
        tracing::error!(code = error.code(), ?error, projection = follower.name(), "an event is parked");
        if let Some(lane) = Lane::of(&message) {
            self.blocked.close(lane);
        }
        tx.staged_mut().dead.push(self.park(follower, message, Ok((&error, attempts))));
        Ok(false)
    }

    /// Counts one more attempt at an event; anew after the last one, should the event ever come again.
    async fn count(&self, follower: &Follower, position: Position, tx: &mut Transaction) -> Result<u32, Error> {
        let tries = Tries::read(follower).await?;
        let attempts = tries.at(position).saturating_add(1);
        let counted = if attempts < self.after { attempts } else { 0 };
        tx.staged_mut().checkpoints.extend(tries.moves(follower, position, counted));
        Ok(attempts)
    }

    /// A letter for an event that failed, or for one that only waits behind such a one.
    fn park(&self, follower: &Follower, message: OutboxMessage, why: Result<(&Error, u32), ()>) -> DeadLetterChange {
        let (state, attempts, code, error) = match why {
            Ok((error, attempts)) => (DeadState::Failed, attempts, error.code().to_owned(), error.to_string()),
            Err(()) => {
                let text = "waits behind an event of its stream that failed";
                (DeadState::Behind, 0, "projection/behind".to_owned(), text.to_owned())
            }
        };
        let (source, parked_at) = (source(follower.name()), self.clock.now());
        DeadLetterChange::Park(Box::new(DeadLetter { no: 0, source, state, message, attempts, code, error, parked_at }))
    }

    /// Tries letters again, each in a transaction of its own; of a stream in which one fails, the others wait on.
    pub(super) async fn retry(
        &mut self,
        follower: &Follower,
        letters: Vec<DeadLetter>,
        fence: &Fence,
    ) -> Result<(), Error> {
        let mut closed = HashSet::new();
        for letter in letters {
            let lane = Lane::of(&letter.message);
            if lane.as_ref().is_some_and(|lane| closed.contains(lane)) {
                continue;
            }
            let tenant = letter.message.envelope.metadata.tenant.clone();
            let mut transaction = Transaction::new(follower.store.clone(), tenant);
            let change = match project(follower, &letter, &mut transaction).await? {
                Ok(()) => DeadLetterChange::Remove(letter.no),
                Err(error) if error.is_transient() || error.is_conflict() => return Err(error),
                Err(error) => {
                    closed.extend(lane);
                    transaction = Transaction::new(follower.store.clone(), None);
                    self.park(follower, letter.message, Ok((&error, letter.attempts.saturating_add(1))))
                }
            };
            transaction.staged_mut().dead.push(change);
            commit(follower, transaction, fence.clone()).await?;
        }
        Ok(())
    }
}

/// How often the event at which a projection stands has failed, whoever tried it: two checkpoints, one for where it lies
/// and one for how often. They move under the fence of who tries, so a worker that takes over goes on counting.
struct Tries {
    lies: Option<Position>,
    times: Option<Position>,
}

impl Tries {
    async fn read(follower: &Follower) -> Result<Self, Error> {
        let [lies, times] = Self::names(follower).map(|name| follower.store.checkpoint(name));
        Ok(Self { lies: lies.await?, times: times.await? })
    }

    fn names(follower: &Follower) -> [String; 2] {
        let owner = follower.projection.owner();
        [format!("parking/{owner}"), format!("parking/{owner}/attempts")]
    }

    /// How often the event at a position has failed.
    fn at(&self, position: Position) -> u32 {
        let times = self.times.filter(|_| self.lies == Some(position)).unwrap_or_default();
        u32::try_from(times.get()).unwrap_or(u32::MAX)
    }

    fn moves(&self, follower: &Follower, position: Position, times: u32) -> impl Iterator<Item = CheckpointMove> {
        let to = [position, Position::new(times.into())];
        let moves = Self::names(follower).into_iter().zip([self.lies, self.times]).zip(to);
        moves.filter(|((_, from), to)| *from != Some(*to)).map(|((name, from), to)| CheckpointMove { name, from, to })
    }
}

async fn commit(follower: &Follower, transaction: Transaction, fence: Fence) -> Result<(), Error> {
    let mut commit: Commit = transaction.into_commit();
    commit.fences.push(fence);
    follower.store.commit(commit).await?;
    Ok(())
}

fn source(projection: &str) -> DeadSource {
    DeadSource::Projection(projection.to_owned())
}

/// The event as a letter holds it: its lane is its stream.
fn message(event: &StoredEvent) -> OutboxMessage {
    let envelope = Envelope { key: Some(event.stream.id().to_owned()), ..event.envelope.clone() };
    OutboxMessage { topic: event.stream.category().to_owned(), envelope }
}

/// Hands the event of a letter to the projection. Trouble on the way there is the outer error.
async fn project(follower: &Follower, letter: &DeadLetter, tx: &mut Transaction) -> Result<Result<(), Error>, Error> {
    let Some(event) = find(&follower.store, letter).await? else { return Ok(Ok(())) };
    let ring = follower.projection.keys(std::slice::from_ref(&event), tx).await?;
    Ok(follower.projection.open(&event, &ring, tx).await)
}

/// The event of a letter, from the log.
async fn find(store: &AnyStore, letter: &DeadLetter) -> Result<Option<StoredEvent>, Error> {
    let OutboxMessage { topic, envelope } = &letter.message;
    let Some(id) = &envelope.key else { return Ok(None) };
    let stream = StreamId::new(topic.clone(), id.clone())?;
    let loaded = store.load(Load::all(envelope.metadata.tenant.clone(), stream)).await?;
    Ok(loaded.events.into_iter().find(|event| event.envelope.id == envelope.id))
}

/// Whether events of a projection are parked.
pub(super) async fn is_parking(store: &AnyStore, projection: &str) -> Result<bool, Error> {
    let (source, mut after) = (source(projection), 0);
    loop {
        let page = store.dead_letters(after, PAGE).await?;
        if page.iter().any(|letter| letter.source == source) {
            return Ok(true);
        }
        match page.last() {
            Some(last) if page.len() == PAGE => after = last.no,
            _ => return Ok(false),
        }
    }
}
