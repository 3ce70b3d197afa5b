//! A product catalogue that two shops share without knowing of each other, shown step by step.
//!
//! The entity is a [`product`]; each step of the [`tour`] prints what happens. The clock is the program's own, so that all
//! runs print the same.

mod delivery;
mod product;
mod tour;

use std::{
    io::{Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use bailiwick::{
    Clock,
    repository::{Db, Scope, SystemGrant, TenantScope},
    specification::Spec,
};
use clap::Parser;

use crate::{
    product::{Product, tables},
    tour::Street,
};

/// What goes wrong ends the program.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Shows what repositories can do, on the catalogue of two shops.
#[derive(Parser)]
#[command(name = "catalogue", version)]
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
    let db = Db::connect(url)?;
    db.migrate(tables()).await?;
    let outcome = show(&db).await;
    db.close().await?;
    outcome
}

async fn show(db: &Db) -> Outcome {
    let street = Street { db: db.clone(), clock: Clock::fixed_at("2026-03-01T09:00:00Z")? };
    let everybody = Scope::of(TenantScope::All(SystemGrant::new("the tour begins with an empty catalogue")));
    if db.scoped(everybody).repository::<Product>().with_deleted().find(Spec::all()).exists().await? {
        return Err("the catalogue has products already; name an empty database with --database".into());
    }
    let mut to = stdout();
    tour::shelves(&street, &mut to).await?;
    tour::search(&street, &mut to).await?;
    tour::pages(&street, &mut to).await?;
    tour::editors(&street, &mut to).await?;
    tour::retired(&street, &mut to).await?;
    tour::tenants(&street, &mut to).await?;
    tour::prices(&street, &mut to).await?;
    tour::parcels(&street, &mut to).await?;
    Ok(to.flush()?)
}

fn temporary() -> PathBuf {
    std::env::temp_dir().join(format!("catalogue-{}.db", std::process::id()))
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
