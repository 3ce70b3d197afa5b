//! Imports real orders into an event-sourced shop and reports.
//!
//! The way of an order: a line of the file ([`cdnow`]) becomes a command ([`import`]) to its customer ([`sales`]); the
//! event is appended, revenue by month is counted and the message put into the outbox in one transaction; relay and
//! broker carry the message to a second context ([`loyalty`]), which counts on its own; the report ([`report`]) compares.

mod cdnow;
mod cli;
mod day;
mod failure;
mod import;
mod loyalty;
mod report;
mod sales;
mod shop;

use std::{
    io::{Write as _, stdout},
    process::ExitCode,
};

use clap::Parser as _;

use crate::{cli::Cli, failure::Failure, shop::Shop};

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.explain());
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), Failure> {
    let shop = Shop::open(&cli.database()).await?;
    let outcome = shop.import(cli).await;
    shop.close().await?;
    let (figures, mut to) = (outcome?, stdout().lock());
    if cli.json { report::write_json(&figures, &mut to) } else { report::write_text(&figures, &mut to) }?;
    Ok(to.flush()?)
}
