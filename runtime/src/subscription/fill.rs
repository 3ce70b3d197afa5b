//! One transaction, as it is being filled message by message.

use std::{collections::HashSet, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use tokio::time::timeout;

use super::{
    batch::Handling,
    inbox::{Came, Message},
};
use crate::{
    bus::Panic,
    error::{Error, ErrorKind},
    store::{Blocked, DeadLetterChange, Lane},
    unit_of_work::UnitOfWork,
};

/// A transaction that was filled, and what will be true once it is committed.
pub(super) struct Filled {
    pub(super) unit: UnitOfWork,
    /// For each message, in order: whether it is to be tried again.
    pub(super) deferred: Vec<bool>,
    /// Lanes that are blocked from then on.
    pub(super) closed: HashSet<Lane>,
    /// How many messages are parked as failed.
    pub(super) parked: usize,
}

/// The transaction while messages are added.
pub(super) struct Filling<'a> {
    handling: &'a Handling<'a>,
    filled: Filled,
    /// Lanes whose first message is to be tried again: what follows waits with it.
    waiting: HashSet<Lane>,
}

impl<'a> Filling<'a> {
    pub(super) fn new(handling: &'a Handling<'a>, unit: UnitOfWork) -> Self {
        let filled = Filled { unit, deferred: Vec::new(), closed: HashSet::new(), parked: 0 };
        Self { handling, filled, waiting: HashSet::new() }
    }

    pub(super) fn end(self) -> Filled {
        self.filled
    }

    /// Adds one message.
    ///
    /// # Errors
    /// The handler panicked or did not end: the transaction went with it, and so must be made again.
    pub(super) async fn take(mut self, message: &mut Message, blocked: &Blocked) -> Result<Self, Error> {
        let lane = message.lane();
        if among(&self.waiting, lane.as_ref()) {
            self.filled.deferred.push(true);
            return Ok(self);
        }
        let delivered = matches!(message.came, Came::Delivered(_));
        if among(&self.filled.closed, lane.as_ref()) || delivered && blocked.block(&message.message).is_some() {
            self.handling.park_behind(&mut self.filled.unit, message);
            self.filled.deferred.push(false);
            return Ok(self);
        }
        let (unit, answer) = self.handling.attempt(self.filled.unit, message).await?;
        self.filled.unit = unit;
        let deferred = answer.is_err_and(|error| self.defers(message, lane, &error));
        self.filled.deferred.push(deferred);
        Ok(self)
    }

    /// What failed is tried again later, or parked if it has failed often enough.
    fn defers(&mut self, message: &mut Message, lane: Option<Lane>, error: &Error) -> bool {
        if !self.handling.fails(message, error) {
            self.waiting.extend(lane);
            return true;
        }
        self.handling.park_failed(&mut self.filled.unit, message, error);
        self.filled.closed.extend(lane);
        self.filled.parked += 1;
        false
    }
}

fn among(lanes: &HashSet<Lane>, lane: Option<&Lane>) -> bool {
    lane.is_some_and(|lane| lanes.contains(lane))
}

impl Handling<'_> {
    /// Calls the handler, if it wants the message, inside a savepoint that begins with the inbox mark.
    async fn attempt(&self, mut unit: UnitOfWork, message: &Message) -> Result<(UnitOfWork, Result<(), Error>), Error> {
        let envelope = message.envelope();
        let mut answer = Ok(());
        if self.receiver.knows(&envelope.name) {
            let savepoint = unit.enter();
            self.mark(&mut unit, message);
            unit.on_behalf_of(envelope);
            (unit, answer) = self.call(unit, message).await?;
            unit.leave(savepoint, answer.is_ok());
        }
        if let (Ok(()), Came::Requeued(no)) = (&answer, message.came) {
            unit.transaction().staged_mut().dead.push(DeadLetterChange::Remove(no));
        }
        Ok((unit, answer))
    }

    async fn call(&self, unit: UnitOfWork, message: &Message) -> Result<(UnitOfWork, Result<(), Error>), Error> {
        let call = AssertUnwindSafe(async { self.receiver.receive(message.envelope(), unit).await });
        match timeout(self.within, call.catch_unwind()).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(payload)) => {
                let message = "a subscriber panicked; its transaction was rolled back";
                Err(Error::new(ErrorKind::Internal, "subscription/panic", message).caused_by(Panic::of(&*payload)))
            }
            Err(_) => {
                let message = "a subscriber did not end in time; its transaction was rolled back";
                Err(Error::new(ErrorKind::Internal, "subscription/timeout", message)
                    .with("seconds", self.within.as_secs()))
            }
        }
    }
}
