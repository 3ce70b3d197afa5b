//! Dead letters that are to be tried again.

use std::collections::HashSet;

use tokio::time::sleep;

use super::{batch::Handling, inbox::Message};
use crate::store::{Blocked, DeadLetter, Lane};

impl Handling<'_> {
    /// Hands the letters to the handler again, in order, each in a transaction of its own that removes it. What follows
    /// one that fails, or that the database does not take now, waits for the next time.
    pub(super) async fn redrive(&self, letters: Vec<DeadLetter>, blocked: &mut Blocked) {
        let mut stuck: HashSet<Lane> = HashSet::new();
        for letter in letters {
            let lane = Lane::of(&letter.message);
            if lane.as_ref().is_some_and(|lane| stuck.contains(lane)) {
                continue;
            }
            if !self.redrive_one(letter.into(), blocked).await {
                stuck.extend(lane);
            }
        }
        blocked.forget();
    }

    /// Whether the message was handled and its letter is gone. The outcome of a transaction that is not known is read from
    /// the table the next time.
    async fn redrive_one(&self, message: Message, blocked: &mut Blocked) -> bool {
        let mut messages = vec![message];
        loop {
            let outcome = self.run(messages, blocked).await;
            if let Some(fault) = outcome.fault {
                self.report_fault(&fault);
                return false;
            }
            if outcome.again.is_empty() {
                return outcome.parked == 0;
            }
            messages = outcome.again;
            sleep(outcome.wait).await;
        }
    }
}
