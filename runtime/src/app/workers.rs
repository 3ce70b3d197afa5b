//! What works in the background: relay, subscriptions, projections.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

use super::App;
use crate::{
    bus::{AnyBroker, InletSpec},
    error::{Error, ErrorKind},
    mediator::RemoteSubscription,
    relay::{Relay, Wake},
    subscription::Worker,
};

/// How long the outbox rests after a process that relayed it was killed.
const LEASE: Duration = Duration::from_secs(3);

/// What commits and callers tell the workers, and what they tell back.
#[derive(Debug, Default)]
pub(super) struct Hints {
    wake: Wake,
    running: AtomicUsize,
}

impl Hints {
    /// Says that somebody decided about dead letters.
    pub(super) fn requeued(&self) {
        self.wake.requeued();
    }

    /// What a unit of work calls after it put something into the outbox.
    pub(super) fn on_outbox(self: &Arc<Self>) -> Arc<dyn Fn() + Send + Sync> {
        let hints = Arc::clone(self);
        Arc::new(move || hints.wake.sent())
    }
}

/// Counts a running set of workers, also when its future is dropped.
struct Running<'a>(&'a Hints);

impl<'a> Running<'a> {
    fn start(hints: &'a Hints) -> Self {
        hints.running.fetch_add(1, Ordering::AcqRel);
        Self(hints)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::AcqRel);
    }
}

impl App {
    /// Runs relay, subscriptions and asynchronous projections until `shutdown`, then lets each finish what it has begun:
    /// first the relay, then the subscriptions, then the projections.
    ///
    /// # Errors
    /// What the broker answers when the subscriptions are opened; `app/worker_panicked` if a broker, a store or another
    /// adapter panicked: the other workers have then finished what they had begun.
    ///
    /// # Cancel safety
    /// Dropping the future stops the workers where they are; what they had begun is done again by the next ones.
    pub async fn run_workers(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), Error> {
        let _running = Running::start(&self.0.relayed);
        let mut stages = self.start().await?;
        let panicked = tokio::select! {
            biased;
            () = shutdown => None,
            panic = stages.relay.panic() => Some(panic),
            panic = stages.subscriptions.panic() => Some(panic),
            panic = stages.projections.panic() => Some(panic),
        };
        stages.relay.stop().await;
        stages.subscriptions.stop().await;
        stages.projections.stop().await;
        match panicked {
            None => Ok(()),
            Some(panic) => {
                let message = "a worker panicked and the others were stopped; see the cause, and run the workers again";
                Err(Error::new(ErrorKind::Internal, "app/worker_panicked", message).caused_by(panic))
            }
        }
    }

    async fn start(&self) -> Result<Stages, Error> {
        let mut stages = Stages::default();
        if let Some(broker) = &self.0.broker {
            for subscription in &self.0.remote {
                let worker = self.subscriber(broker, subscription).await?;
                stages.subscriptions.run(|stop| worker.run(stop));
            }
            let relay = Relay::new(self.store().clone(), broker.clone(), self.clock().clone());
            let relay = relay.woken_by(self.0.relayed.wake.clone()).lease(LEASE);
            stages.relay.run(|stop| relay.run(stop));
        }
        for projection in &self.0.projections {
            let (store, projection) = (self.store().clone(), projection.clone());
            stages.projections.run(|stop| crate::projection::sweep_left(store, projection, stop));
        }
        for index in 0..self.0.followers.len() {
            let app = self.clone();
            stages.projections.run(|stop| async move { app.0.followers[index].run(stop).await });
        }
        Ok(stages)
    }

    async fn subscriber(&self, broker: &AnyBroker, subscription: &RemoteSubscription) -> Result<Worker, Error> {
        let mut topics: Vec<String> =
            subscription.events.iter().filter_map(|spec| spec.topic.map(Into::into)).collect();
        topics.sort_unstable();
        topics.dedup();
        let inlet = broker.subscribe(InletSpec { group: subscription.name.into(), topics }).await?;
        let receiver = super::receiver::Remote::new(Arc::clone(&self.0.mediator), subscription.clone());
        Ok(Worker::new(self.0.mediator.units().clone(), inlet, receiver))
    }

    /// Waits until the outbox is empty and every asynchronous projection has caught up.
    ///
    /// # Errors
    /// `app/no_workers` if nobody is working; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn drained(&self) -> Result<(), Error> {
        while !self.is_drained().await? {
            if self.0.relayed.running.load(Ordering::Acquire) == 0 {
                let message = "nobody empties the outbox: run `run_workers` beside this";
                return Err(Error::new(ErrorKind::Config, "app/no_workers", message));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    async fn is_drained(&self) -> Result<bool, Error> {
        if self.0.broker.is_some() && !self.store().outbox(0, 1).await?.is_empty() {
            return Ok(false);
        }
        for follower in &self.0.followers {
            let at = self.store().checkpoint(follower.checkpoint().into()).await?.unwrap_or_default();
            if !self.store().read(at, 1).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Waits for what was begun, closes the broker and the store. Later calls answer `store/closed`.
    ///
    /// # Errors
    /// What the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future stops nothing that was begun; close again to wait for it.
    pub async fn close(&self) -> Result<(), Error> {
        self.0.tasks.join().await;
        if let Some(broker) = &self.0.broker {
            broker.close().await;
        }
        self.store().close().await
    }
}

/// The workers, in the order in which they stop.
#[derive(Default)]
struct Stages {
    relay: Stage,
    subscriptions: Stage,
    projections: Stage,
}

/// Workers that stop together.
struct Stage {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Default for Stage {
    fn default() -> Self {
        Self { tasks: JoinSet::new(), stop: watch::Sender::new(false) }
    }
}

impl Stage {
    fn run<W, F>(&mut self, worker: W)
    where
        W: FnOnce(std::pin::Pin<Box<dyn Future<Output = ()> + Send>>) -> F,
        F: Future<Output = ()> + Send + 'static,
    {
        let mut stopped = self.stop.subscribe();
        let stop = Box::pin(async move {
            let _ = stopped.wait_for(|stop| *stop).await; // a sender that is gone says the same
        });
        self.tasks.spawn(worker(stop));
    }

    /// Ends when one of them panics.
    async fn panic(&mut self) -> JoinError {
        loop {
            match self.tasks.join_next().await {
                Some(Err(panic)) => return panic,
                Some(Ok(())) => {}
                None => std::future::pending().await,
            }
        }
    }

    async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}
