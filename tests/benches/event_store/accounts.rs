//! The domain: accounts that are paid into.

use bailiwick::{
    Clock, Command, Envelope, Event, EventKind, aggregate,
    envelope::{Metadata, StreamId},
    event::EventSpec,
    id::MessageId,
};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AccountEvent {
    #[event(name = "account.deposited")]
    Deposited { cents: u64, reference: String, branch: String, note: String },
}

#[derive(Command, Debug, Clone)]
pub struct Deposit {
    #[target]
    pub account: String,
    pub cents: u64,
}

#[derive(Default, Debug)]
pub struct Account {
    pub cents: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum AccountError {}

#[aggregate(name = "account", id = String, event = AccountEvent, error = AccountError)]
impl Account {
    #[handle]
    fn deposit(&self, command: Deposit) -> Result<AccountEvent, AccountError> {
        Ok(deposited(command.cents))
    }

    #[apply(Deposited)]
    fn on_deposited(&mut self, cents: &u64, reference: &str, branch: &str, note: &str) {
        let _read = (reference, branch, note);
        self.cents += cents;
    }
}

/// An event of about 150 bytes.
pub fn deposited(cents: u64) -> AccountEvent {
    AccountEvent::Deposited {
        cents,
        reference: "salary of the month, transferred".into(),
        branch: "main street".into(),
        note: "booked by the evening run, checked twice".into(),
    }
}

/// A row for the tables written by hand, and an envelope for the store: both are made anew for each event.
pub struct Line {
    pub stream: String,
    pub version: i64,
    pub message: MessageId,
    pub time: i64,
    pub payload: Vec<u8>,
}

/// The events `1..=count` of one stream.
pub fn lines(clock: &Clock, stream: &str, count: i64) -> Vec<Line> {
    (1..=count).map(|version| line(clock, stream, version)).collect()
}

/// One event of a stream.
pub fn line(clock: &Clock, stream: &str, version: i64) -> Line {
    let payload = deposited(1).encode().unwrap();
    Line { stream: stream.into(), version, message: clock.message_id(), time: clock.now().as_micros(), payload }
}

/// The same events as envelopes.
pub fn envelopes(clock: &Clock, count: i64) -> Vec<Envelope> {
    let envelope = |_| Envelope {
        id: clock.message_id(),
        name: SPEC.name.into(),
        version: SPEC.version,
        kind: EventKind::Domain,
        time: clock.now(),
        key: None,
        metadata: Metadata::default(),
        payload: deposited(1).encode().unwrap().into(),
    };
    (0..count).map(envelope).collect()
}

/// What is fixed about the event.
pub const SPEC: &EventSpec = &AccountEvent::SPECS[0];

/// The stream of an account.
pub fn stream(id: impl Into<String>) -> StreamId {
    StreamId::new("account", id).unwrap()
}
