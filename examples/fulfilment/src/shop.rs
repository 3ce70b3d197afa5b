//! The shop: both contexts on one database, and one run through it.

use std::{path::Path, sync::Arc, time::Duration};

use bailiwick::{App, bus::MemoryBroker};
use tokio::{sync::oneshot, task::JoinSet, time::timeout};

use crate::{
    cli::{Cli, Database},
    failure::Failure,
    import::{Meter, Plan, Progress},
    loyalty::{Loyalty, TOTAL},
    report::{Figures, Run},
    sales::{Customer, RevenueByMonth},
};

/// If the outbox has not become smaller for so long, the run ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// The shop.
#[derive(Debug, Clone)]
pub(crate) struct Shop(App);

impl Shop {
    /// Opens the shop in a database. A SQLite file is made if it is not there.
    ///
    /// # Errors
    /// If the folder or the file cannot be made, or a server does not answer.
    pub(crate) async fn open(database: &Database) -> Result<Self, Failure> {
        let builder = match database {
            Database::File(file) => {
                make_folder(file)?;
                App::builder().sqlite(file)
            }
            Database::Url(url) => App::builder().database(url),
        };
        let app = builder
            .aggregate::<Customer>()
            .projection(RevenueByMonth)
            .service(Loyalty)
            .broker(MemoryBroker::new())
            .build()
            .await?;
        Ok(Self(app))
    }

    /// Imports what the command line names, waits for the second context, and reads the figures.
    ///
    /// # Errors
    /// The first failure. What was placed before it stays placed.
    pub(crate) async fn import(&self, cli: &Cli) -> Result<Figures, Failure> {
        let plan = Plan { input: cli.input(), limit: cli.limit, strict: cli.strict, journal: cli.journal.clone() };
        let (app, progress) = (&self.0, Arc::new(Progress::default()));
        let events_before = app.counts().await?.events;
        let heard_before = app.read(TOTAL).get("all").await?.unwrap_or_default().orders;
        let begun = app.clock().now();
        self.work(&plan, &progress).await?;
        let run = Run {
            source: plan.input.origin(),
            read: progress.placed(),
            bad_lines: progress.bad(),
            events_before,
            heard_before,
            elapsed: app.clock().now().since(begun),
        };
        Ok(Figures::read(app, run).await?)
    }

    /// Places the orders, with relay and subscriptions beside it, until the outbox is empty.
    async fn work(&self, plan: &Plan, progress: &Arc<Progress>) -> Result<(), Failure> {
        let mut beside = JoinSet::new();
        let (stop, stopped) = oneshot::channel::<()>();
        let app = self.0.clone();
        let workers = async move {
            let stopped = async { stopped.await.unwrap_or_default() }; // a sender that is gone says the same
            app.run_workers(stopped).await.map_err(Failure::Shop)
        };
        beside.spawn(workers);
        let mut meter = JoinSet::new();
        meter.spawn(Meter::new(progress, plan).run());
        tokio::select! {
            outcome = self.place_and_drain(plan, progress) => {
                if matches!(outcome, Ok(()) | Err(Failure::BadLine(_))) {
                    drop(stop);
                    while let Some(ended) = beside.join_next().await {
                        ended.unwrap_or(Err(Failure::Workers))?;
                    }
                }
                outcome // after any other failure the workers are dropped: they may wait for what does not come
            }
            Some(ended) = beside.join_next() => ended.unwrap_or(Err(Failure::Workers)).and(Err(Failure::Workers)),
        }
    }

    async fn place_and_drain(&self, plan: &Plan, progress: &Arc<Progress>) -> Result<(), Failure> {
        match plan.carry_out(&self.0, progress).await {
            Err(failure) if !matches!(failure, Failure::BadLine(_)) => Err(failure),
            outcome => {
                progress.drain();
                self.drained().await?;
                outcome
            }
        }
    }

    /// Waits until the second context has taken in everything.
    async fn drained(&self) -> Result<(), Failure> {
        let mut left = u64::MAX;
        loop {
            if let Ok(drained) = timeout(PATIENCE, self.0.drained()).await {
                return Ok(drained?);
            }
            let outbox = self.0.counts().await?.outbox;
            if outbox >= left {
                return Err(Failure::Stalled { outbox });
            }
            left = outbox;
        }
    }

    /// Lets go of the file.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        Ok(self.0.close().await?)
    }
}

fn make_folder(file: &Path) -> Result<(), Failure> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|source| Failure::Folder { folder: folder.into(), source })
        }
        None => Ok(()),
    }
}
