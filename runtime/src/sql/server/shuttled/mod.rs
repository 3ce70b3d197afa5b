//! The queue under the many orders in which tasks may take their turns: the same file once more, with shuttle's locks. A task
//! that is never woken is a deadlock, and shuttle tells.

#![expect(clippy::duplicate_mod, reason = "each file is read once more, with other locks")]

mod sync {
    pub(super) use shuttle::sync::{Mutex, MutexGuard};
}

/// The same file, and what is asked of it.
#[path = ".."]
mod server {
    use std::sync::Arc;

    use futures_util::future::{join_all, poll_immediate};
    use shuttle::future::{block_on, spawn};
    use tokio::sync::oneshot;

    use self::queue::Queue;

    mod queue;

    const TRIES: usize = 1_000;

    /// Takes jobs in groups of two, as a connection does, until the end.
    async fn connection(queue: Arc<Queue<u8>>) -> Vec<u8> {
        let mut taken = Vec::new();
        loop {
            let jobs = queue.take(2).await;
            if jobs.is_empty() {
                return taken;
            }
            taken.extend(jobs);
        }
    }

    /// Two connections, while a third begins to wait and gives up.
    #[test]
    fn whatever_the_turns_each_job_is_taken_once_and_the_takers_end() {
        shuttle::check_random(
            || {
                let queue = Arc::new(Queue::new());
                let takers = [0, 1].map(|_| spawn(connection(Arc::clone(&queue))));
                let fickle = Arc::clone(&queue);
                let fickle = spawn(async move { poll_immediate(fickle.take(2)).await.unwrap_or_default() });
                let pushers = [0, 10].map(|first| {
                    let queue = Arc::clone(&queue);
                    spawn(async move { (first..first + 3).for_each(|job| assert!(queue.push(job).is_ok())) })
                });
                block_on(async {
                    join_all(pushers).await;
                    queue.close();
                    let mut taken: Vec<_> = join_all(takers).await.into_iter().flat_map(Result::unwrap).collect();
                    taken.extend(fickle.await.unwrap());
                    taken.sort_unstable();
                    assert_eq!(taken, [0, 1, 2, 10, 11, 12]);
                });
            },
            TRIES,
        );
    }

    /// A taker that was called and leaves hands the call on.
    #[test]
    fn whatever_the_turns_a_taker_that_leaves_takes_nobodys_call() {
        shuttle::check_random(
            || {
                let queue = Arc::new(Queue::new());
                let (waits, leaves) = (Arc::clone(&queue), Arc::clone(&queue));
                let leaves = spawn(async move {
                    let mut take = Box::pin(leaves.take(1));
                    let first = poll_immediate(take.as_mut()).await;
                    shuttle::future::yield_now().await;
                    first.unwrap_or_default()
                });
                let waits = spawn(async move { waits.take(1).await });
                assert!(queue.push(1).is_ok());
                assert!(queue.push(2).is_ok());
                block_on(async {
                    let first = leaves.await.unwrap();
                    let mut all = waits.await.unwrap();
                    all.extend(first.clone());
                    assert_eq!(all.len(), 1 + first.len());
                });
            },
            TRIES,
        );
    }

    /// The thread dies with a job in its hands and others in the queue: nobody waits for it for ever.
    #[test]
    fn whatever_the_turns_nobody_waits_for_a_thread_that_died() {
        shuttle::check_random(
            || {
                let queue = Arc::new(Queue::<oneshot::Sender<()>>::new());
                let dying = Arc::clone(&queue);
                let thread = spawn(async move {
                    let jobs = dying.take(1).await;
                    dying.abandon();
                    drop(jobs);
                });
                let answers: Vec<_> = (0..3)
                    .map(|_| {
                        let (reply, answer) = oneshot::channel();
                        let _refused_or_dropped = queue.push(reply);
                        spawn(answer)
                    })
                    .collect();
                block_on(async {
                    for answer in answers {
                        assert!(answer.await.unwrap().is_err());
                    }
                    thread.await.unwrap();
                });
            },
            TRIES,
        );
    }
}
