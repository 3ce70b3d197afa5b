//! Deliveries of one group.

use std::{fmt, sync::Arc};

use super::{Shared, errors};
use crate::{
    bus::broker::{Delivery, Inlet, InletSpec, Receipt},
    error::Error,
};

/// The [`Inlet`] of a [`MemoryBroker`](super::MemoryBroker). Dropping it gives back what it did not settle.
pub struct MemoryInlet {
    shared: Arc<Shared>,
    group: String,
    number: u64,
}

pub(super) fn subscribe(shared: &Arc<Shared>, spec: InletSpec) -> Result<MemoryInlet, Error> {
    let mut state = shared.lock();
    if state.closed {
        return Err(errors::closed());
    }
    let group = spec.group.clone();
    let number = state.enter(spec);
    drop(state);
    Ok(MemoryInlet { shared: Arc::clone(shared), group, number })
}

impl MemoryInlet {
    /// What is there now; `None` if the broker was closed.
    fn now(&self, limit: usize) -> Option<Vec<Delivery>> {
        let mut state = self.shared.lock();
        if state.closed {
            return None;
        }
        if state.down { Some(Vec::new()) } else { Some(state.hand_out(&self.group, self.number, limit)) }
    }
}

impl Inlet for MemoryInlet {
    async fn next(&mut self, limit: usize) -> Option<Vec<Delivery>> {
        loop {
            let mut ready = std::pin::pin!(self.shared.ready.notified());
            ready.as_mut().enable(); // before looking, so that nothing slips between
            let deliveries = self.now(limit)?;
            if !deliveries.is_empty() {
                return Some(deliveries);
            }
            ready.await;
        }
    }

    async fn settle(&mut self, receipts: &[Receipt]) -> Result<(), Error> {
        self.shared.change(|state| {
            if state.closed {
                return Err(errors::closed());
            }
            if state.down {
                return Err(errors::down());
            }
            state.settle_all(&self.group, self.number, receipts);
            Ok(())
        })
    }
}

impl Drop for MemoryInlet {
    fn drop(&mut self) {
        self.shared.change(|state| state.leave(&self.group, self.number));
    }
}

impl fmt::Debug for MemoryInlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryInlet").field("group", &self.group).finish_non_exhaustive()
    }
}
