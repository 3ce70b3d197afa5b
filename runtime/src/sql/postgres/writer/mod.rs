//! The connections that write, all on one thread.
//!
//! **Coalescing**: a connection that is free takes all commits that wait. Those that only append, to different streams,
//! become one statement, and so one round trip and one wait for the disk; each of them is refused for itself. The others
//! have a transaction each. While a connection waits for the server the next commits gather.

mod group;
mod settle;
mod short;

use std::sync::Arc;

use futures_util::{StreamExt, stream::FuturesUnordered};

use self::short::attend;
pub(super) use self::{
    group::{doubtful, duplicate},
    settle::{Trace, Witness},
    short::ShortWay,
};
use super::{
    super::{
        server::{Order, Queue, Writer},
        threads::Threads,
    },
    connection::Session,
    migrate,
    notify::{self, Notices},
    options::PostgresOptions,
};
use crate::error::Error;

/// As many commits a statement takes at most.
const MOST: usize = 256;

/// Starts the thread. It tells what was committed, and hears what others commit.
pub(super) fn start(
    options: &PostgresOptions,
    notices: Arc<Notices>,
    threads: &mut Threads,
) -> Result<(Writer, ShortWay), Error> {
    let (place, options) = (options.place(), options.clone());
    let (short_way, leavings) = ShortWay::new(&options, Arc::clone(&notices));
    let told = Arc::clone(&notices);
    let bell = Arc::new(move |news| told.tell(news));
    let writer = Writer::start(("bw-postgres-write", place), bell, threads, move |orders| async move {
        let mut lanes: FuturesUnordered<_> = (0..options.writers).map(|_| lane(&options, &orders)).collect();
        let write = async {
            tokio::join!(async { while lanes.next().await.is_some() {} }, attend(&options, leavings, &notices));
            notices.close();
        };
        tokio::join!(write, notify::run(&options, &notices));
    })?;
    Ok((writer, short_way))
}

/// What one connection does until the queue is closed.
async fn lane(options: &PostgresOptions, queue: &Queue<Order>) {
    let mut session = Session::new(options.clone());
    loop {
        let orders = queue.take(MOST).await;
        if orders.is_empty() {
            return session.close().await;
        }
        let mut jobs = Vec::with_capacity(orders.len());
        for order in orders {
            match order {
                Order::Commit(job) => jobs.push(*job),
                Order::Migrate(reply) => {
                    let _gone = reply.send(migrate::migrate(&mut session).await); // a caller that left wants no answer
                }
            }
        }
        group::run(&mut session, jobs).await;
    }
}
