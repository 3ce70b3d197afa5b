//! The connection that listens.

use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::{super::options::PostgresOptions, GOODBYE, Notices, channel};
use crate::{clock::Clock, id::Uuid, resilience::Backoff, store::News};

const RETRY_FROM: Duration = Duration::from_millis(100);
const RETRY_TO: Duration = Duration::from_secs(5);

/// A notice that tells nothing, and shows its sender that notices arrive.
const ECHO: u8 = 128;

/// What is known of the store's own notices.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    Unasked,
    Awaited,
    Back,
}

/// Hears what other processes tell until the store is closed, once somebody waits for it.
pub(super) async fn listen(options: &PostgresOptions, notices: &Notices) {
    let mut pool = pool(options);
    tokio::select! {
        biased;
        () = notices.closed() => {}
        () = again(options, notices, &mut pool) => {}
    }
    let _said = timeout(GOODBYE, pool.close()).await;
}

/// A listener takes its connection from a pool, and leaves it there.
fn pool(options: &PostgresOptions) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    pool.acquire_timeout(options.patience).connect_lazy_with(options.connect.clone())
}

async fn again(options: &PostgresOptions, notices: &Notices, current: &mut PgPool) {
    notices.signals.wanted().await;
    let (clock, mut faults) = (Clock::system(), Backoff::new(RETRY_FROM, RETRY_TO));
    loop {
        let lost = Ear { options, notices, echo: Echo::Unasked, warned: false }.hear(current, &mut faults).await;
        notices.signals.set_hearing(false);
        if let Err(error) = lost {
            tracing::warn!(%error, "commits of other processes are not heard of now, and looked for instead");
        }
        *current = pool(options); // the former connection may never say goodbye
        sleep(faults.fail(&clock)).await;
    }
}

struct Ear<'a> {
    options: &'a PostgresOptions,
    notices: &'a Notices,
    echo: Echo,
    /// Whether it was said that notices do not arrive.
    warned: bool,
}

impl Ear<'_> {
    /// Listens until the connection is lost.
    async fn hear(&mut self, pool: &PgPool, faults: &mut Backoff) -> Result<(), sqlx::Error> {
        let (mut listener, channel) = self.within(open(pool)).await?;
        faults.reset();
        self.notices.signals.tell(News::ALL); // what was told before was missed
        self.call();
        let mut beat = interval(self.options.beat());
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.reset();
        loop {
            tokio::select! {
                biased; // an echo that is there is heard before it is missed
                notice = listener.try_recv() => match notice? {
                    Some(notice) => self.take(notice.payload()),
                    None => return Ok(()),
                },
                _ = beat.tick() => {
                    if self.within(name(&mut listener)).await? != channel {
                        return Ok(()); // other tables
                    }
                    self.call();
                }
            }
        }
    }

    /// Asks for an echo. If that of the last call did not come back, the store does not hear.
    fn call(&mut self) {
        if self.echo == Echo::Awaited {
            self.notices.signals.set_hearing(false);
            if !std::mem::replace(&mut self.warned, true) {
                tracing::warn!("notices do not arrive; behind a pooler, turn them off by `notices(false)`");
            }
        }
        self.echo = Echo::Awaited;
        self.notices.untold.add(ECHO);
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
        timeout(self.options.patience, work).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    fn take(&mut self, notice: &str) {
        let Some((who, bits)) = notice.split_once(' ') else { return };
        let Ok(bits) = bits.parse() else { return };
        if Uuid::parse_str(who) == Ok(self.notices.id) {
            self.echo = Echo::Back;
            return self.notices.signals.set_hearing(true);
        }
        self.notices.signals.tell(News::from_bits(bits));
    }
}

async fn open(pool: &PgPool) -> Result<(PgListener, String), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    let channel = name(&mut listener).await?;
    listener.listen(&channel).await?;
    Ok((listener, channel))
}

/// An error if there are no tables.
async fn name(listener: &mut PgListener) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(concat!("SELECT ", channel!())).fetch_one(listener).await
}
