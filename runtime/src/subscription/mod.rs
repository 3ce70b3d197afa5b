//! Subscriptions: what the broker delivers, to a handler, once.
//!
//! A [`Worker`] receives in batches. It
//!
//! 1. drops what the inbox has marked already, with one question for the batch;
//! 2. parks what stands behind a dead letter of its key;
//! 3. hands the rest to the [`Receiver`] in the order of arrival, each in a savepoint of one transaction per tenant, whose
//!    first row is the inbox mark;
//! 4. commits effects, marks and follow-up messages at once;
//! 5. settles the deliveries: never before the database has the outcome.
//!
//! So a message has its effect once, however often it is delivered. A handler that fails is tried again after 100 ms and
//! 400 ms, while other keys go on; then its message is parked as a dead letter, marked in the inbox, and its key is
//! blocked. A message that cannot be read is parked at once; a conflict is tried more patiently, eight times. A database
//! that is away is nobody's fault: the transaction is made again, with back-off, for ever.
//!
//! Dead letters that are requeued are tried again in order; each is removed in the transaction of its effect.
//! They are tried under the lease `subscription/{name}`, by one worker at a time.
//!
//! Order across processes is the broker's: it hands a message of a key to another worker only when those before it were
//! settled. A worker looks for dead letters after it has been handed a message, so it sees what the other has parked.

mod batch;
mod failure;
mod fill;
mod inbox;
mod receiver;
mod redrive;
mod worker;

pub use receiver::Receiver;
pub use worker::Worker;
