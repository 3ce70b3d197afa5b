//! Work of callers that goes on when they leave: it is done on the thread of the store.

use std::{future::Future, pin::Pin};

use futures_util::{StreamExt as _, stream::FuturesUnordered};

use crate::sql::server::Queue;

/// Work that answers by itself.
pub(in crate::sql) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// As much is taken at once.
const MOST: usize = 64;

/// Does all work beside each other until the queue is closed, and what was begun to its end.
pub(in crate::sql) async fn attend(queue: &Queue<Work>) {
    let mut running: FuturesUnordered<Work> = FuturesUnordered::new();
    loop {
        tokio::select! {
            taken = queue.take(MOST) => {
                if taken.is_empty() {
                    break;
                }
                running.extend(taken);
            }
            Some(()) = running.next(), if !running.is_empty() => {}
        }
    }
    while running.next().await.is_some() {}
}
