//! A projection that refuses an event and parks it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bailiwick::{BoxError, ReadModel, Recorded, Transaction, projection};

use crate::bank::AccountEvent;

/// What was paid in, in the order in which it was seen.
pub const LIST: ReadModel<Vec<u64>> = ReadModel::new("list");
/// After so many attempts an event is parked.
pub const PARK_AFTER: u64 = 3;

/// Lists what was paid in, and refuses one amount.
#[derive(Debug, Clone, Default)]
pub struct Lister {
    /// The amount.
    pub refuses: Arc<AtomicU64>,
    /// How often it refused it.
    pub tried: Arc<AtomicU64>,
}

#[projection(name = "lister", version = 1, park_after = 3)]
impl Lister {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let AccountEvent::Deposited { cents } = **event else { return Ok(()) };
        let stream = &event.origin().ok_or("it is stored")?.stream;
        tx.update(LIST, stream.id(), move |list| list.push(cents));
        if cents == self.refuses.load(Ordering::SeqCst) {
            self.tried.fetch_add(1, Ordering::SeqCst);
            return Err("told to refuse".into());
        }
        Ok(())
    }
}
