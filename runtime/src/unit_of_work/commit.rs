//! The commit: inline projections, one call of the store, then what follows it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::{Hook, UnitOfWork, Units, open::read_only as read_only_unit};
use crate::{
    bus::{DispatchError, Staged},
    envelope::{Envelope, EventKind, StoredEvent},
    error::{Error, ErrorKind},
    repository::Told,
    sensitive::Ring,
    store::{AnyStore, Append, Commit, Committed, entities::Held, nesting},
    telemetry,
    version::{Expected, Position, Version},
};

/// What a commit did.
#[derive(Debug, Default)]
pub struct Finished {
    /// What the store answered.
    pub committed: Committed,
    /// In-process subscribers that failed after the commit. It stands all the same.
    pub dispatch_errors: Vec<DispatchError>,
}

struct Follow {
    units: Units,
    staged: Vec<Staged>,
    hooks: Vec<Hook>,
    /// What opens these events, for who observes.
    ring: Ring,
}

impl UnitOfWork {
    /// Writes everything as one transaction, then dispatches its events in process and runs its hooks.
    ///
    /// # Errors
    /// What an inline projection or the store answers; then nothing was written, unless `is_unknown_outcome()` says that
    /// this is not known. A subscriber that fails afterwards is no error: see [`Finished::dispatch_errors`].
    ///
    /// # Cancel safety
    /// Dropping the future before the store has the commit writes nothing; later, commit, dispatch and hooks go to their
    /// end without the caller. Without an application only the commit does: dispatch and hooks stop with the caller.
    pub async fn commit(mut self) -> Result<Finished, Error> {
        self.sound()?;
        self.tell();
        let ring = self.seal_within().await?;
        ring.hold_while(self.project_inline()).await?;
        let UnitOfWork { units, transaction, staged, hooks, open, .. } = self;
        let (reads, held) = match open {
            Some(open) => (open.is_read_only(), open.finish().await?),
            None => (false, None),
        };
        let mut commit = transaction.into_commit();
        commit.appends = merged(commit.appends);
        let follows = !staged.is_empty() || !hooks.is_empty();
        let follow = Follow { units: units.clone(), staged, hooks, ring };
        let work = write(units.clone(), (commit, held, reads), follow);
        match &units.parts().spawner {
            Some(spawner) if follows => {
                let (answer, answered) = oneshot::channel();
                let work = async move {
                    let _ = answer.send(work.await); // nobody listens any more if the caller went away
                };
                spawner(Box::pin(work.instrument(telemetry::commit())));
                answered.await.unwrap_or_else(|_| Err(stopped()))
            }
            _ => work.instrument(telemetry::commit()).await,
        }
    }

    /// Seals. A subject's first key is a commit of its own, which would wait for the transaction of this unit where only one may
    /// write.
    async fn seal_within(&mut self) -> Result<Ring, Error> {
        let Some(home) = self.home() else { return self.seal().await };
        let sealed = nesting::within(home, self.seal()).await;
        sealed.map_err(|error| if error.code() == "unit/nested" { no_key_within().caused_by(error) } else { error })
    }

    /// Refuses what cannot be committed whatever the store says.
    fn sound(&mut self) -> Result<(), Error> {
        let read_only = self.open.as_ref().is_some_and(|open| open.is_read_only());
        match self.fault.take() {
            Some(fault) => Err(fault),
            None if read_only && !self.transaction.staged().is_empty() => Err(read_only_unit()),
            None => Ok(()),
        }
    }

    /// Stages what its entities tell.
    fn tell(&mut self) {
        let told = self.open.as_ref().map(|open| std::mem::take(&mut *open.told_so_far()));
        for Told { message, hear } in told.unwrap_or_default() {
            let heard = hear.and_then(|hear| hear(message.envelope.clone()));
            self.staged.extend(heard.and_then(|heard| heard.downcast().ok()).map(|staged| *staged));
            self.transaction.send(message.topic, message.envelope);
        }
    }

    async fn project_inline(&mut self) -> Result<(), Error> {
        let units = self.units.clone();
        if units.parts().inline.is_empty() {
            return Ok(());
        }
        let events: Vec<StoredEvent> = self.saved().flat_map(numbered).collect();
        for event in &events {
            for projection in &units.parts().inline {
                projection.project(event, &mut self.transaction).await?;
            }
        }
        Ok(())
    }
}

impl UnitOfWork {
    /// What goes into the log and what does not, in the order in which it was saved.
    fn saved(&self) -> impl Iterator<Item = &Append> {
        let (appends, mut unlogged) = (&self.transaction.staged().appends, self.unlogged.iter().peekable());
        (0..=appends.len()).flat_map(move |at| {
            let mut here: Vec<&Append> = Vec::new();
            while let Some(saved) = unlogged.next_if(|saved| saved.after == at) {
                here.push(&saved.append);
            }
            here.extend(appends.get(at));
            here
        })
    }
}

fn no_key_within() -> Error {
    let message = "a subject has no key yet, and none can be made while this unit of work holds the database; let the first \
                   event of a subject be in a unit that uses no entity";
    Error::new(ErrorKind::Config, "sensitive/no_key", message)
}

fn stopped() -> Error {
    let message = "the application stopped while the commit was under way; repeat only what is idempotent";
    Error::new(ErrorKind::UnknownOutcome, "unit/stopped", message)
}

fn numbered(append: &Append) -> impl Iterator<Item = StoredEvent> + '_ {
    let before = match append.expected {
        Expected::Version(version) => version,
        Expected::NoStream | Expected::Any => Version::NONE,
    };
    (1..).zip(&append.events).map(move |(number, envelope)| StoredEvent {
        stream: append.stream.clone(),
        version: before.plus(number),
        position: Position::START,
        envelope: envelope.clone(),
    })
}

/// Neighbours that append to one stream become one append, which the first belief guards. Those with other streams between
/// them stay apart, so that the log has the order in which the unit saved; and so does one that was decided on a state
/// before the earlier ones: the store refuses it.
fn merged(appends: Vec<Append>) -> Vec<Append> {
    let mut merged: Vec<Append> = Vec::with_capacity(appends.len());
    for append in appends {
        match merged.last_mut().filter(|last| last.stream == append.stream && follows(last, &append)) {
            Some(last) => last.events.extend(append.events),
            None => merged.push(append),
        }
    }
    merged
}

fn follows(earlier: &Append, append: &Append) -> bool {
    let before = match (earlier.expected, append.expected) {
        (Expected::Any, _) | (_, Expected::Any) => return true,
        (Expected::NoStream, _) => Version::NONE,
        (Expected::Version(version), _) => version,
    };
    append.expected == Expected::at(before.plus(earlier.events.len() as u64))
}

async fn write(
    units: Units,
    (commit, held, reads): (Commit, Option<Box<dyn Held>>, bool),
    follow: Follow,
) -> Result<Finished, Error> {
    let parts = units.parts();
    let sends = !commit.outbox.is_empty();
    let observed: Vec<Envelope> = match &parts.observer {
        Some(_) => commit.outbox.iter().map(|message| message.envelope.clone()).collect(),
        None => Vec::new(),
    };
    let committed = match held {
        Some(held) if reads => look(&parts.store, held, commit).instrument(telemetry::append()).await?,
        Some(held) => parts.store.commit_held(held, commit).instrument(telemetry::append()).await?,
        None if commit.is_empty() => Committed::default(),
        None => parts.store.commit(commit).instrument(telemetry::append()).await?,
    };
    if let (true, Some(wake)) = (sends, &parts.wake) {
        wake();
    }
    let dispatch_errors = follow.run(&observed).await;
    Ok(Finished { committed, dispatch_errors })
}

/// Ends a transaction that only reads. It sees what was when it began: what must hold still, the store looks at afterwards.
async fn look(store: &AnyStore, held: Box<dyn Held>, commit: Commit) -> Result<Committed, Error> {
    let done = held.commit(Commit::default()).await?;
    if commit.is_void() { Ok(done) } else { store.commit(commit).await }
}

impl Follow {
    async fn run(self, sent: &[Envelope]) -> Vec<DispatchError> {
        self.ring.hold(|| self.observe(sent));
        let local = self.staged.into_iter().filter(|staged| staged.envelope().kind == EventKind::Domain).collect();
        let errors = dispatch(&self.units, local).await;
        for error in &errors {
            tracing::error!(code = "bus/dispatch", %error, "a subscriber failed after the commit");
        }
        let count = self.hooks.len();
        for hook in self.hooks {
            if catch_unwind(AssertUnwindSafe(hook)).is_err() {
                tracing::error!(code = "unit/hook_panicked", hooks = count, "a hook panicked after the commit");
            }
        }
        errors
    }

    fn observe(&self, sent: &[Envelope]) {
        let Some(observer) = &self.units.parts().observer else { return };
        let known = |envelope: &&Envelope| !self.staged.iter().any(|event| event.envelope().id == envelope.id);
        for envelope in self.staged.iter().map(Staged::envelope).chain(sent.iter().filter(known)) {
            if catch_unwind(AssertUnwindSafe(|| observer(envelope))).is_err() {
                tracing::error!(code = "unit/observer_panicked", message.id = %envelope.id, "an observer panicked");
            }
        }
    }
}

async fn dispatch(units: &Units, local: Vec<Staged>) -> Vec<DispatchError> {
    let mut errors = Vec::new();
    if local.is_empty() {
        return errors;
    }
    let span = telemetry::dispatch(local.len());
    let all = async {
        for event in local {
            errors.extend(units.bus().dispatch(event).await.err());
        }
    };
    all.instrument(span).await;
    errors
}
