//! What a failure of a handler means: another try, or a dead letter.

use std::time::Duration;

use super::inbox::Message;
use crate::{
    error::Error,
    store::{DeadLetter, DeadSource, DeadState},
    timestamp::Timestamp,
};

/// So often a message is tried whose handler finds the infrastructure away, before that counts as the message's fault.
const PATIENCE: u32 = 8;

/// How often, and after which waits, a handler is called for one message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tries {
    pub(super) attempts: u32,
    pub(super) first_wait: Duration,
    pub(super) growth: u32,
}

impl Default for Tries {
    fn default() -> Self {
        Self { attempts: 3, first_wait: Duration::from_millis(100), growth: 4 }
    }
}

impl Tries {
    /// The wait after so many failed attempts, from 1.
    pub(super) fn wait(&self, failed: u32) -> Duration {
        let factor = self.growth.saturating_pow(failed.saturating_sub(1).min(8));
        self.first_wait.saturating_mul(factor).min(Duration::from_secs(30))
    }

    /// Whether a message that has failed so often, last with this error, has had its tries.
    pub(super) fn are_used_up(&self, failed: u32, error: &Error) -> bool {
        let patience = if passes(error) { self.attempts.max(PATIENCE) } else { self.attempts };
        is_final(error) || failed >= patience
    }
}

/// Whether the message itself cannot be read by this program, now or later.
fn is_final(error: &Error) -> bool {
    error.code().starts_with("message/")
}

/// Whether the error, or its cause, says that the same call may succeed later.
fn passes(error: &Error) -> bool {
    let may_pass = |error: &Error| error.is_transient() || error.is_conflict() || error.is_unknown_outcome();
    may_pass(error) || error.cause::<Error>().is_some_and(may_pass)
}

/// Reports one failed attempt. Nothing else is said of it, so each failure is one event of the log.
pub(super) fn report(subscription: &str, message: &Message, error: &Error, parked: bool) {
    let (id, attempt) = (message.envelope().id, message.failed);
    let cause = error.cause::<crate::bus::Panic>().map(ToString::to_string);
    tracing::error!(
        code = error.code(),
        subscription,
        message.id = %id,
        attempt,
        parked,
        panic = cause,
        %error,
        "a subscriber failed"
    );
}

/// A message whose tries are used up, as a dead letter.
pub(super) fn failed(subscription: &str, message: &Message, error: &Error, at: Timestamp) -> DeadLetter {
    let (code, text) = (error.code().to_owned(), error.to_string());
    DeadLetter { state: DeadState::Failed, code, error: text, ..behind(subscription, message, at) }
}

/// A message that waits behind a dead letter of its key.
pub(super) fn behind(subscription: &str, message: &Message, at: Timestamp) -> DeadLetter {
    DeadLetter {
        no: 0,
        source: DeadSource::Inbox(subscription.to_owned()),
        state: DeadState::Behind,
        message: message.message.clone(),
        attempts: message.before + message.failed,
        code: "subscription/behind".to_owned(),
        error: "waits behind a message of its key that failed".to_owned(),
        parked_at: at,
    }
}
