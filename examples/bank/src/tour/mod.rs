//! The steps, each of which prints what happens.

mod past;
mod rebuild;
mod rejections;
mod snapshots;
mod upcast;

use std::{fmt, io::Write, time::Duration};

use bailiwick::{App, Command, SendError, command::Handled, envelope::StreamId};

pub(crate) use self::{past::past, rebuild::rebuild, rejections::rejections, snapshots::snapshots, upcast::upcast};
use crate::Outcome;

/// Sends a command an hour after the one before.
async fn send<C>(app: &App, command: C) -> Result<(), SendError<C::Error>>
where
    C: Command + Handled<Output = ()>,
{
    app.clock().advance(Duration::from_secs(3_600));
    app.send(command).await
}

/// Sends a command and prints what came of it.
async fn tell<C>(app: &App, to: &mut impl Write, what: &str, command: C) -> Outcome
where
    C: Command + Handled<Output = (), Error: fmt::Display>,
{
    match send(app, command).await {
        Ok(()) => writeln!(to, "   {what:<28} done")?,
        Err(SendError::Rejected(refusal)) => writeln!(to, "   {what:<28} refused: {refusal}")?,
        Err(SendError::Runtime(error)) => writeln!(to, "   {what:<28} {}: {error}", error.code())?,
    }
    Ok(())
}

fn stream(account: &str) -> Result<StreamId, bailiwick::Error> {
    StreamId::new("account", account)
}
