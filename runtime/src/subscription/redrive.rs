//! Dead letters that are to be tried again.

use std::{collections::HashSet, future::Future, pin::Pin, time::Duration};

use super::{
    batch::Handling,
    inbox::Message,
    worker::{Turn, rest},
};
use crate::store::{Blocked, DeadLetter, Lane};

/// What became of a letter.
enum Tried {
    /// The message was handled and its letter is gone.
    Handled,
    /// It stays; what follows it waits.
    Stays,
    /// The end came first.
    Ended,
}

impl Handling<'_> {
    /// Hands the letters to the handler again, in order, each in a transaction of its own that removes it. What follows
    /// one that fails, or that the database does not take now, waits for the next time; and so does everything once
    /// `shutdown` is ready.
    pub(super) async fn redrive(
        &self,
        letters: Vec<DeadLetter>,
        blocked: &mut Blocked,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Turn {
        let mut stuck: HashSet<Lane> = HashSet::new();
        let mut turn = Turn::On;
        for letter in letters {
            let lane = Lane::of(&letter.message);
            if lane.as_ref().is_some_and(|lane| stuck.contains(lane)) {
                continue;
            }
            match self.redrive_one(letter.into(), blocked, shutdown.as_mut()).await {
                Tried::Handled => {}
                Tried::Stays => stuck.extend(lane),
                Tried::Ended => {
                    turn = Turn::End;
                    break;
                }
            }
        }
        blocked.forget();
        turn
    }

    /// Tries one message until it is handled or parked. The outcome of a transaction that is not known is read from the
    /// table the next time.
    async fn redrive_one(
        &self,
        message: Message,
        blocked: &mut Blocked,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Tried {
        let (mut messages, mut wait) = (vec![message], Duration::ZERO);
        loop {
            if rest(shutdown.as_mut(), wait).await == Turn::End {
                return Tried::Ended;
            }
            let outcome = self.run(messages, blocked).await;
            if let Some(fault) = outcome.fault {
                self.report_fault(&fault);
                return Tried::Stays;
            }
            if outcome.again.is_empty() {
                return if outcome.parked == 0 { Tried::Handled } else { Tried::Stays };
            }
            (messages, wait) = (outcome.again, outcome.wait);
        }
    }
}
