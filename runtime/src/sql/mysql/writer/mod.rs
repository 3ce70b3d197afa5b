//! The connection that writes, on a thread of its own.
//!
//! **Group commit**: all commits that wait share one transaction, one turn and one wait for the disk. Each is looked at
//! before it writes; one that is refused has usually written nothing. Where a commit fails half-way after all, the
//! transaction is rolled back and the group is done again with a savepoint around each commit that may. Nobody is
//! answered before COMMIT has.

mod group;
mod settle;

use std::sync::Arc;

pub(super) use self::group::{Setback, end, given_up};
use super::{
    super::{
        server::{Order, Queue, Writer},
        threads::Threads,
    },
    connection::Session,
    migrate,
    options::MysqlOptions,
};
use crate::{error::Error, store::Signals};

/// As many commits a transaction takes at most.
const MOST: usize = 512;

/// Starts the thread. It rings for what was committed.
pub(super) fn start(options: &MysqlOptions, signals: Signals, threads: &mut Threads) -> Result<Writer, Error> {
    let bell = Arc::new(move |news| signals.tell(news));
    let (place, options) = (options.place(), MysqlOptions { writes: true, ..options.clone() });
    Writer::start(("bw-mysql-write", place), bell, threads, move |orders| async move { serve(options, &orders).await })
}

async fn serve(options: MysqlOptions, queue: &Queue<Order>) {
    let mut session = Session::new(options);
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
        if !jobs.is_empty() {
            group::run(&mut session, jobs).await;
        }
    }
}
