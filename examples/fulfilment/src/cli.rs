//! The command line.

use std::path::{Path, PathBuf};

use clap::Parser;

use crate::cdnow::Input;

/// Imports real orders into an event-sourced shop and reports.
///
/// Each line becomes a command; its event travels through outbox, relay and broker to a second context. An order that is
/// there already is not placed again, so an interrupted import is finished by running it again.
#[derive(Parser, Debug, Clone)]
#[command(name = "fulfilment", version)]
pub(crate) struct Cli {
    /// The SQLite file, made if it is not there, or the URL of a server's database: postgres://…, mysql://… [default:
    /// fulfilment.db under the example's target folder]
    #[arg(long, value_name = "FILE|URL")]
    database: Option<PathBuf>,

    /// Reads orders from FILE, plain or gzip, instead of the purchase history that is built in
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,

    /// Places the first N orders only
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,

    /// Stops at the first line that is no order
    #[arg(long)]
    pub(crate) strict: bool,

    /// Appends to FILE the line of each order as soon as it is placed, or found to be there already
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Prints the report as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

impl Cli {
    /// Where orders are read from.
    pub(crate) fn input(&self) -> Input {
        self.input.clone().map_or(Input::Cdnow, Input::File)
    }

    /// Where everything is kept.
    pub(crate) fn database(&self) -> Database {
        let named = self.database.clone().unwrap_or_else(default_database);
        match named.to_str().filter(|text| text.contains("://")) {
            Some(url) => Database::Url(url.into()),
            None => Database::File(named),
        }
    }
}

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Database {
    /// A SQLite file.
    File(PathBuf),
    /// A URL, with its password.
    Url(String),
}

/// Under the example's folder where it was built, else in the folder where it runs.
fn default_database() -> PathBuf {
    let example = Path::new(env!("CARGO_MANIFEST_DIR"));
    if example.is_dir() { example.join("target/fulfilment.db") } else { "fulfilment.db".into() }
}
