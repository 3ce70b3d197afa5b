//! What an event store can do, shown on two accounts, step by step.
//!
//! The domain is [`account`], its read model [`balances`]; each step of the [`tour`] prints what happens. The clock is the
//! program's own and moves an hour with each command, so that all runs print the same.

mod account;
mod balances;
mod money;
mod tour;

use std::{
    io::{Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use bailiwick::{App, Clock};
use clap::Parser;

use crate::{account::Account, balances::Balances};

/// What goes wrong ends the program.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Shows what an event store can do, on two accounts.
#[derive(Parser)]
#[command(name = "bank", version)]
struct Cli {
    /// An empty database: sqlite://FILE, postgres://…, mysql://… [default: a new SQLite file in the folder for temporary files]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Outcome {
    let file = cli.database.is_none().then(temporary);
    let url = cli.database.or_else(|| Some(format!("sqlite://{}", file.as_deref()?.display()))).unwrap_or_default();
    let outcome = visit(&url).await;
    for ending in ["", "-wal", "-shm"] {
        if let Some(file) = &file {
            let _ = std::fs::remove_file(with_ending(file, ending)); // some are there, some are not
        }
    }
    outcome
}

async fn visit(url: &str) -> Outcome {
    let clock = Clock::fixed_at("2026-03-01T09:00:00Z")?;
    let app = App::builder().database(url).clock(clock).aggregate::<Account>().projection(Balances).build().await?;
    let outcome = show(&app).await;
    app.close().await?;
    outcome
}

async fn show(app: &App) -> Outcome {
    if app.counts().await?.events > 0 {
        return Err("the database has events already; name an empty one with --database".into());
    }
    let mut to = stdout();
    tour::rejections(app, &mut to).await?;
    tour::upcast(app, &mut to).await?;
    tour::snapshots(app, &mut to).await?;
    tour::past(app, &mut to).await?;
    tour::rebuild(app, &mut to).await?;
    Ok(to.flush()?)
}

fn temporary() -> PathBuf {
    std::env::temp_dir().join(format!("bank-{}.db", std::process::id()))
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
