//! A server that one test starts for itself, so that it can kill it.

use std::{
    env,
    path::Path,
    process::{self, Command},
};

use tempfile::TempDir;

use super::{Kind, WITHOUT};

/// The program that does it; `tests/run` uses the same.
const INSTANCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/servers/instance");

/// A server with its data in a folder that goes with it. It ends when this is dropped, or when the process of the test does.
#[derive(Debug)]
pub struct Private {
    kind: Kind,
    folder: TempDir,
    url: String,
}

/// A PostgreSQL; `None` where `BAILIWICK_TEST_WITHOUT` names it or `crashes`.
///
/// # Panics
/// If it is not installed or does not start.
#[must_use]
pub fn private_postgres() -> Option<Private> {
    Private::start(Kind::Postgres)
}

/// A MariaDB or MySQL; `None` where `BAILIWICK_TEST_WITHOUT` names it or `crashes`.
///
/// # Panics
/// If it is not installed or does not start.
#[must_use]
pub fn private_mysql() -> Option<Private> {
    Private::start(Kind::MySql)
}

impl Private {
    fn start(kind: Kind) -> Option<Self> {
        let without = env::var(WITHOUT).unwrap_or_default();
        if without.split(',').map(str::trim).any(|word| word == kind.word() || word == "crashes") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let url = started(kind, folder.path());
        Some(Self { kind, folder, url })
    }

    /// Where it is, with user and password; the same after each start.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// SIGKILL to the server and to all its processes; answers when they are gone.
    ///
    /// # Panics
    /// If they do not end.
    pub fn kill(&self) {
        instance(&["kill"], self.folder.path());
    }

    /// Starts it again, and waits until it has mended what it found and takes clients.
    ///
    /// # Panics
    /// If it does not start, or not at its port.
    pub fn restart(&self) {
        assert_eq!(started(self.kind, self.folder.path()), self.url, "another process took the port");
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.kill(); // nobody wants its data any more
    }
}

fn started(kind: Kind, folder: &Path) -> String {
    instance(&["start", kind.word()], folder).trim().to_owned()
}

fn instance(words: &[&str], folder: &Path) -> String {
    let mut command = Command::new(INSTANCE);
    command.args(words).arg(folder);
    if words[0] == "start" {
        command.arg(process::id().to_string());
    }
    let output = command.output().unwrap_or_else(|error| panic!("{INSTANCE}: {error}"));
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{words:?}: {error}");
    said.into_owned()
}
