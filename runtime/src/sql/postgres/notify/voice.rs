//! The connection that tells.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::Duration,
};

use sqlx::Executor as _;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::{
    super::{classify::Failure, connection::Session, options::PostgresOptions},
    GOODBYE, Notices, channel,
};
use crate::{clock::Clock, error::Error, resilience::Backoff};

/// The least time from one notice to the next.
const APART: Duration = Duration::from_millis(20);
const RETRY_FROM: Duration = Duration::from_millis(100);
const RETRY_TO: Duration = Duration::from_secs(5);

/// What was committed and not yet told.
#[derive(Default)]
pub(super) struct Untold {
    bits: AtomicU8,
    some: Notify,
}

impl Untold {
    pub(super) fn add(&self, bits: u8) {
        if self.bits.fetch_or(bits, Ordering::AcqRel) & bits != bits {
            self.some.notify_one();
        }
    }

    fn take(&self) -> u8 {
        self.bits.swap(0, Ordering::AcqRel)
    }
}

/// Tells the news as it comes, the last of it after the end of the writers. A server that is silent then is not waited for.
pub(super) async fn speak(options: &PostgresOptions, notices: &Notices) {
    let late = async {
        notices.closed().await;
        sleep(GOODBYE).await;
    };
    tokio::select! {
        () = tell_all(options, notices) => {}
        () = late => tracing::warn!("the store is closed; other processes may not be told of its last commits"),
    }
}

async fn tell_all(options: &PostgresOptions, notices: &Notices) {
    let quick = options.connect.clone().options([("synchronous_commit", "off")]); // a notice needs no disk
    let mut session = Session::new(PostgresOptions { connect: quick, ..options.clone() });
    let mut faults = Backoff::new(RETRY_FROM, RETRY_TO);
    loop {
        let last = tokio::select! {
            biased;
            () = notices.closed() => true,
            () = notices.untold.some.notified() => false,
        };
        let pause = turn(&mut session, notices, &mut faults).await;
        if last {
            return session.close().await;
        }
        tokio::select! {
            () = notices.closed() => {}
            () = sleep(pause) => {}
        }
    }
}

/// Tells what is untold, and says how long to wait now. What could not be told stays untold.
async fn turn(session: &mut Session, notices: &Notices, faults: &mut Backoff) -> Duration {
    let bits = notices.untold.take();
    match tell(session, notices, bits).await {
        Ok(()) => {
            faults.reset();
            APART
        }
        Err(error) => {
            tracing::warn!(code = error.code(), %error, "other processes cannot be told of commits now");
            notices.untold.add(bits);
            faults.fail(&Clock::system())
        }
    }
}

/// Tells, on a new connection if the server has closed the one that is there.
async fn tell(session: &mut Session, notices: &Notices, bits: u8) -> Result<(), Error> {
    if bits == 0 {
        return Ok(());
    }
    let notice = format!("{} {bits}", notices.id.simple());
    match once(session, &notice).await {
        Ok(()) => Ok(()),
        Err(failure) if failure.is_lost() => {
            session.discard();
            let place = session.place();
            once(session, &notice).await.map_err(|failure| session.doubt(failure, &place))
        }
        Err(failure) => {
            let place = session.place();
            Err(session.doubt(failure, &place))
        }
    }
}

async fn once(session: &mut Session, notice: &str) -> Result<(), Failure> {
    let patience = session.options.patience;
    let connection = session.connection().await?;
    let query = sqlx::query(concat!("SELECT pg_notify(", channel!(), ", $1)")).bind(notice);
    match timeout(patience, connection.execute(query)).await {
        Ok(done) => Ok(done.map(drop)?),
        Err(_) => Err(Failure::Sql(Failure::silence())),
    }
}
