//! Subscriptions: receive, decode, dedupe, handle.

mod receiver;

pub use receiver::Receiver;

use crate::{bus::AnyInlet, unit_of_work::Units};

/// Works on the deliveries of one subscription.
#[derive(Debug)]
pub struct Worker {
    inlet: AnyInlet,
}

impl Worker {
    /// A worker.
    pub fn new(_units: Units, inlet: AnyInlet, _receiver: impl Receiver) -> Self {
        Self { inlet }
    }

    /// Works until `shutdown`.
    pub async fn run(mut self, shutdown: impl Future<Output = ()> + Send) {
        shutdown.await;
        let _ = self.inlet.settle(&[]).await;
    }
}
