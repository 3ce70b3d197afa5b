//! Runs the program on a database of its own.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bailiwick::{Position, Store as _, sql::SqliteStore};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a database and input files; it goes away at the end.
pub(crate) struct Shop {
    folder: TempDir,
    /// A URL in place of the file in the folder.
    database: Option<PathBuf>,
}

/// What a run said.
pub(crate) struct Said {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// The report.
    pub(crate) stdout: String,
    /// Bad lines, progress and failures.
    pub(crate) stderr: String,
}

impl Shop {
    /// An empty shop.
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), database: None }
    }

    /// An empty shop in a server's database.
    pub(crate) fn at(url: String) -> Self {
        Self { database: Some(url.into()), ..Self::new() }
    }

    /// Writes an input file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fulfilment"));
        command.arg("--database").arg(self.database.clone().unwrap_or_else(|| self.path("shop.db"))).args(arguments);
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Runs the program, which succeeds, and reads its figures.
    pub(crate) fn figures(&self, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        assert_eq!(said.stdout.lines().count(), 1, "one object: {}", said.stdout);
        serde_json::from_str(&said.stdout).unwrap()
    }
}

/// The lines of the orders in the store. A copy of the files is read, as they lie there: to recover them is left to the
/// next run of the program.
pub(crate) fn stored(shop: &Shop) -> HashSet<u64> {
    let copy = TempDir::new().unwrap();
    for name in ["shop.db", "shop.db-wal"] {
        let from = shop.path(name);
        if from.exists() {
            std::fs::copy(from, copy.path().join(name)).unwrap();
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let events = runtime.block_on(async {
        let store = SqliteStore::open(copy.path().join("shop.db")).unwrap();
        store.migrate().await.unwrap();
        let events = store.read(Position::START, usize::MAX).await.unwrap();
        store.close().await.unwrap();
        events
    });
    let line = |payload: &[u8]| serde_json::from_slice::<Value>(payload).unwrap()["number"]["line"].as_u64().unwrap();
    events.iter().map(|event| line(&event.envelope.payload)).collect()
}

/// Both sides of the broker have these orders, customers and cents, and nothing is on its way.
pub(crate) fn assert_both_sides(figures: &Value, orders: u64, customers: u64, cents: u64) {
    let side = |names: [&str; 3]| names.map(|name| figures[name].as_u64().unwrap());
    assert_eq!(side(["orders", "customers", "revenue_cents"]), [orders, customers, cents]);
    let other = side(["projection_orders", "projection_customers", "projection_revenue_cents"]);
    assert_eq!(other, [orders, customers, cents]);
    assert_eq!(side(["outbox_pending", "dead_letters", "events"]), [0, 0, orders]);
    assert_eq!(figures["both_sides_agree"], true);
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
