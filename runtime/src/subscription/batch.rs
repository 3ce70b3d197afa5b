//! Messages of one tenant in one transaction, a savepoint each; one by one where that fails for a reason of one of them.

use std::{collections::HashSet, time::Duration};

use super::{
    failure::{self, Tries},
    fill::{Filled, Filling},
    inbox::{Came, Message},
    receiver::AnyReceiver,
};
use crate::{
    bus::Receipt,
    envelope::Metadata,
    error::Error,
    store::{Blocked, DeadLetter, DeadLetterChange, Fence, InboxMark, Lane},
    unit_of_work::{UnitOfWork, Units},
};

/// What a worker hands its messages to.
pub(super) struct Handling<'a> {
    pub(super) receiver: &'a dyn AnyReceiver,
    pub(super) units: &'a Units,
    pub(super) tries: Tries,
    /// How long a handler may take.
    pub(super) within: Duration,
    /// The lease that each transaction needs, if it needs one.
    pub(super) fence: Option<Fence>,
}

/// What became of some messages.
#[derive(Default)]
pub(super) struct Outcome {
    /// The database has their outcome: they can be settled.
    pub(super) done: Vec<Receipt>,
    /// They are to be tried again, in this order.
    pub(super) again: Vec<Message>,
    /// How long to wait before that, for the handlers' sake.
    pub(super) wait: Duration,
    /// How many were parked as failed.
    pub(super) parked: usize,
    /// Why the database did not take a transaction.
    pub(super) fault: Option<Error>,
}

impl Outcome {
    fn done(&mut self, message: &Message) {
        if let Came::Delivered(receipt) = message.came {
            self.done.push(receipt);
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.done.extend(other.done);
        self.again.extend(other.again);
        self.wait = self.wait.max(other.wait);
        self.parked += other.parked;
        self.fault = self.fault.take().or(other.fault);
    }
}

impl Handling<'_> {
    /// Brings the messages of one tenant as far as one transaction can.
    pub(super) async fn run(&self, mut messages: Vec<Message>, blocked: &mut Blocked) -> Outcome {
        let error = match self.transact(&mut messages, blocked).await {
            Ok((deferred, parked)) => return self.ended(messages, &deferred, parked),
            Err(error) => error,
        };
        if is_nobodys(&error) {
            return Outcome { again: messages, fault: Some(error), ..Outcome::default() };
        }
        if messages.len() > 1 {
            return self.one_by_one(messages, blocked).await;
        }
        let mut outcome = Outcome::default();
        for message in messages {
            outcome.join(self.blame(message, &error, blocked).await);
        }
        outcome
    }

    async fn transact(&self, messages: &mut [Message], blocked: &mut Blocked) -> Result<(Vec<bool>, usize), Error> {
        let Some(first) = messages.first() else { return Ok((Vec::new(), 0)) };
        let mut filling = Filling::new(self, self.begin(first));
        for message in messages {
            filling = filling.take(message, blocked).await?;
        }
        let Filled { unit, deferred, closed, parked } = filling.end();
        self.commit(unit).await?;
        closed.into_iter().for_each(|lane| blocked.close(lane));
        Ok((deferred, parked))
    }

    fn ended(&self, messages: Vec<Message>, deferred: &[bool], parked: usize) -> Outcome {
        let mut outcome = Outcome { parked, ..Outcome::default() };
        for (message, deferred) in messages.into_iter().zip(deferred) {
            if *deferred {
                outcome.wait = outcome.wait.max(self.tries.wait(message.failed));
                outcome.again.push(message);
            } else {
                outcome.done(&message);
            }
        }
        outcome
    }

    /// Each message in a transaction of its own. What stands behind one that must be tried again waits with it.
    async fn one_by_one(&self, messages: Vec<Message>, blocked: &mut Blocked) -> Outcome {
        let mut outcome = Outcome::default();
        let mut waiting: HashSet<Lane> = HashSet::new();
        for message in messages {
            let lane = message.lane();
            if lane.as_ref().is_some_and(|lane| waiting.contains(lane)) {
                outcome.again.push(message);
                continue;
            }
            let one = Box::pin(self.run(vec![message], blocked)).await;
            if !one.again.is_empty() {
                waiting.extend(lane);
            }
            outcome.join(one);
        }
        outcome
    }

    /// The transaction of this one message failed for a reason that can only be the message's.
    async fn blame(&self, mut message: Message, error: &Error, blocked: &mut Blocked) -> Outcome {
        if !self.fails(&mut message, error) {
            let wait = self.tries.wait(message.failed);
            return Outcome { again: vec![message], wait, ..Outcome::default() };
        }
        let mut unit = self.begin(&message);
        self.park_failed(&mut unit, &message, error);
        match self.commit(unit).await {
            Ok(()) => {
                message.lane().into_iter().for_each(|lane| blocked.close(lane));
                let mut outcome = Outcome { parked: 1, ..Outcome::default() };
                outcome.done(&message);
                outcome
            }
            Err(fault) => Outcome { again: vec![message], fault: Some(fault), ..Outcome::default() },
        }
    }

    async fn commit(&self, unit: UnitOfWork) -> Result<(), Error> {
        let finished = unit.commit().await?;
        drop(finished.dispatch_errors); // the unit has reported them; the commit stands
        Ok(())
    }

    /// An empty transaction, for messages of the tenant of this one.
    pub(super) fn begin(&self, message: &Message) -> UnitOfWork {
        let tenant = message.tenant().cloned();
        let mut unit = self.units.begin(Metadata { tenant, ..Metadata::default() });
        unit.transaction().staged_mut().fences.extend(self.fence.clone());
        unit
    }

    /// Counts a failure of a message; whether its tries are used up.
    pub(super) fn fails(&self, message: &mut Message, error: &Error) -> bool {
        message.failed += 1;
        let used_up = self.tries.are_used_up(message.failed, error);
        failure::report(self.receiver.name(), message, error, used_up);
        used_up
    }

    /// Reports that the database did not take a transaction.
    pub(super) fn report_fault(&self, error: &Error) {
        tracing::error!(code = error.code(), subscription = self.receiver.name(), %error, "a subscription waits");
    }

    pub(super) fn park_failed(&self, unit: &mut UnitOfWork, message: &Message, error: &Error) {
        self.park(unit, message, failure::failed(self.receiver.name(), message, error, self.units.clock().now()));
    }

    pub(super) fn park_behind(&self, unit: &mut UnitOfWork, message: &Message) {
        self.park(unit, message, failure::behind(self.receiver.name(), message, self.units.clock().now()));
    }

    fn park(&self, unit: &mut UnitOfWork, message: &Message, letter: DeadLetter) {
        self.mark(unit, message);
        unit.transaction().staged_mut().dead.push(DeadLetterChange::Park(Box::new(letter)));
    }

    /// Marks a message that was delivered; one that was requeued has had its mark since it was parked.
    pub(super) fn mark(&self, unit: &mut UnitOfWork, message: &Message) {
        if matches!(message.came, Came::Delivered(_)) {
            let (consumer, at) = (self.receiver.name().to_owned(), self.units.clock().now());
            unit.transaction().staged_mut().inbox.push(InboxMark { consumer, message: message.envelope().id, at });
        }
    }
}

/// Whether a transaction failed for a reason that lies in none of its messages: it is made again as it was, without those
/// that turn out to be marked.
fn is_nobodys(error: &Error) -> bool {
    error.is_transient() || error.is_unknown_outcome() || matches!(error.code(), "inbox/duplicate" | "lease/lost")
}
