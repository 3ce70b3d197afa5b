//! What the broker does not take now.

use std::{
    collections::{HashMap, HashSet},
    future::pending,
    pin::Pin,
};

use futures_util::FutureExt;
use tokio::time::{Sleep, sleep};

use super::{RETRY_FROM, RETRY_TO};
use crate::{clock::Clock, resilience::Backoff};

/// So many messages of a topic are tried when its rest is over: enough to notice that the broker takes them again, too few
/// to keep other topics waiting.
const PROBES: usize = 16;

/// The topics that fail, and their common rest. If the broker is down, all of them are here; if a topic is missing or
/// forbidden, it is here alone and the others flow.
#[derive(Debug)]
pub(super) struct Outage {
    failing: HashSet<String>,
    backoff: Backoff,
    rest: Option<Pin<Box<Sleep>>>,
}

impl Default for Outage {
    fn default() -> Self {
        Self { failing: HashSet::new(), backoff: Backoff::new(RETRY_FROM, RETRY_TO), rest: None }
    }
}

impl Outage {
    /// How many messages of each failing topic may be tried now.
    pub(super) fn probes(&mut self) -> HashMap<String, usize> {
        if self.rest.as_mut().is_some_and(|rest| rest.now_or_never().is_some()) {
            self.rest = None;
        }
        let probes = if self.rest.is_some() { 0 } else { PROBES };
        self.failing.iter().map(|topic| (topic.clone(), probes)).collect()
    }

    /// Learns which topics the broker took something of, and which it took nothing of.
    pub(super) fn learn(&mut self, taking: &HashSet<String>, failed: HashSet<String>, clock: &Clock) {
        self.failing.retain(|topic| !taking.contains(topic));
        let tried_in_vain = !failed.is_empty();
        for topic in failed.into_iter().filter(|topic| !taking.contains(topic)) {
            if self.failing.insert(topic) {
                self.backoff.reset(); // a new failure is looked at soon
            }
        }
        if tried_in_vain {
            self.rest = Some(Box::pin(sleep(self.backoff.fail(clock))));
        } else if self.failing.is_empty() {
            self.backoff.reset();
            self.rest = None;
        }
    }

    /// Waits until the failing topics may be tried again; for ever if none is failing.
    pub(super) async fn over(&mut self) {
        match &mut self.rest {
            Some(rest) => rest.await,
            None => pending().await,
        }
    }
}
