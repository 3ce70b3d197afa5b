//! Publishing: take in, wait for the groups, answer.

use std::{collections::HashSet, time::Duration};

use super::{Fault, Shared, errors, state::State};
use crate::{bus::broker::Published, error::Error, store::OutboxMessage};

/// What became of a message when it was taken in.
enum Fate {
    /// Groups owe a settlement for it.
    Waits(u64),
    /// It is answered already.
    Answered(Published),
}

/// The messages that a call waits for; dropping it withdraws what is left of them.
struct Waiting<'a> {
    shared: &'a Shared,
    numbers: Vec<u64>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.shared.change(|state| self.numbers.iter().for_each(|number| state.withdraw(*number)));
    }
}

impl Waiting<'_> {
    /// Ends when all is settled, or when no more will be.
    async fn end(&self) {
        loop {
            let mut settled = std::pin::pin!(self.shared.settled.notified());
            settled.as_mut().enable(); // before looking, so that nothing slips between
            let over = {
                let state = self.shared.lock();
                state.closed || state.down || self.numbers.iter().all(|number| state.is_settled(*number))
            };
            if over {
                return;
            }
            settled.await;
        }
    }
}

pub(super) async fn publish(shared: &Shared, batch: &[OutboxMessage], timeout: Duration) -> Vec<Published> {
    let refuse = shared.lock().refuse.clone();
    let refused: Vec<bool> =
        batch.iter().map(|message| refuse.as_ref().is_some_and(|refuse| refuse(message))).collect();
    let fates = shared.change(|state| take_in(state, batch, &refused));
    let waits = |fate: &Fate| if let Fate::Waits(number) = fate { Some(*number) } else { None };
    let waiting = Waiting { shared, numbers: fates.iter().filter_map(waits).collect() };
    if !waiting.numbers.is_empty() {
        let _ = tokio::time::timeout(timeout, waiting.end()).await; // what is not settled by then is told below
    }
    let answers = answers(&shared.lock(), batch, fates);
    drop(waiting);
    answers
}

fn take_in(state: &mut State, batch: &[OutboxMessage], refused: &[bool]) -> Vec<Fate> {
    let mut failed = HashSet::new();
    let mut fates = Vec::with_capacity(batch.len());
    for (message, refused) in batch.iter().zip(refused) {
        let key = key_of(message);
        let fate = match key {
            Some(key) if failed.contains(&key) => Fate::Answered(Published::NotTried),
            _ => fate(state, message, *refused),
        };
        let lost = matches!(&fate, Fate::Answered(answer) if !matches!(answer, Published::Acked));
        failed.extend(key.filter(|_| lost));
        fates.push(fate);
    }
    fates
}

fn fate(state: &mut State, message: &OutboxMessage, refused: bool) -> Fate {
    if state.closed {
        return Fate::Answered(Published::Transient(errors::closed()));
    }
    if state.down {
        return Fate::Answered(Published::Transient(errors::down()));
    }
    if refused {
        return Fate::Answered(Published::Permanent(errors::refused()));
    }
    let fault = state.faults.pop_front();
    if fault == Some(Fault::Transient) {
        return Fate::Answered(Published::Transient(errors::fault()));
    }
    let Some(number) = state.take_in(message) else { return Fate::Answered(Published::Acked) };
    match fault {
        Some(Fault::LostAck) => {
            state.let_go(number);
            return Fate::Answered(Published::Transient(errors::fault()));
        }
        Some(Fault::Duplicate) => state.take_in_again(message),
        _ => {}
    }
    Fate::Waits(number)
}

/// The answers; behind a failure of its key a message counts as not tried, also if a group has settled it already.
fn answers(state: &State, batch: &[OutboxMessage], fates: Vec<Fate>) -> Vec<Published> {
    let mut failed = HashSet::new();
    let mut answers = Vec::with_capacity(batch.len());
    for (message, fate) in batch.iter().zip(fates) {
        let key = key_of(message);
        let answer = match fate {
            Fate::Answered(Published::Permanent(error)) => Published::Permanent(error),
            _ if key.is_some_and(|key| failed.contains(&key)) => Published::NotTried,
            Fate::Answered(answer) => answer,
            Fate::Waits(number) if state.is_settled(number) => Published::Acked,
            Fate::Waits(_) => Published::Transient(late(state)),
        };
        failed.extend(key.filter(|_| !matches!(answer, Published::Acked)));
        answers.push(answer);
    }
    answers
}

fn late(state: &State) -> Error {
    match (state.closed, state.down) {
        (true, _) => errors::closed(),
        (_, true) => errors::down(),
        _ => errors::timeout(),
    }
}

/// What orders a message: topic, tenant, key. An unordered one has none.
fn key_of(message: &OutboxMessage) -> Option<(&str, Option<&str>, &str)> {
    let tenant = message.envelope.metadata.tenant.as_ref().map(|tenant| tenant.as_str());
    message.envelope.key.as_deref().map(|key| (message.topic.as_str(), tenant, key))
}
