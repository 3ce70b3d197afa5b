//! The lock of a program's events.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    compare::{breaks, kind},
    file::Locked,
    known::{Known, may_write},
};
use crate::event::Event;

/// A file beside the code that says what the events of a program look like in the store: names, aliases, kinds, and the
/// [shape](crate::codec::Shape) of the payload of each version.
///
/// It is committed, and a test compares: a change that would leave stored events unreadable fails with the remedy. The file
/// is written by that test, run with `BAILIWICK_LOCK=write`, and never otherwise; not where `CI` is set either.
///
/// | a change | is |
/// |---|---|
/// | a new event, alias or version with its upcast; a new variant; a new field without which payloads are read (`Option`, `#[serde(default)]`) | compatible: the file is out of date |
/// | an event or alias that is gone; a lower version; a step that is missing; another kind; a field that is sensitive now, or no longer; a field that is gone, is another or must be there | breaking |
///
/// The shapes of older versions stay in the file. An event that was never stored anywhere may change as it likes: remove its
/// lines, and write the file again.
///
/// ```
/// use bailiwick::{Event, testing::EventsLock};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Event, Serialize, Deserialize)]
/// enum AccountEvent {
///     #[event(name = "account.opened")]
///     Opened { owner: String },
///     #[event(name = "account.deposited")]
///     Deposited { cents: u64 },
/// }
///
/// let lock = EventsLock::new("events.lock").with::<AccountEvent>();
/// assert!(lock.renewed()?.contains("account.deposited v1 .cents: u64\n"));
/// # let _ = || {
/// lock.check()?;              // in a test
/// # Ok::<(), bailiwick::testing::LockError>(())
/// # };
/// # Ok::<(), bailiwick::testing::LockError>(())
/// ```
#[must_use]
#[derive(Debug, Clone)]
pub struct EventsLock {
    path: PathBuf,
    events: Vec<Known>,
}

/// Why the events and their lock do not agree. `Debug` is the same text, so `unwrap` and a test that answers it show it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockError {
    /// Stored events could not be read any more: one change on each line, with its remedy.
    Breaking(Vec<String>),
    /// The file is out of date, or not there.
    Stale {
        /// The file.
        path: PathBuf,
        /// The lines to add and to remove, with `+` and `-`.
        lines: Vec<String>,
    },
    /// A line of the file is none.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// The file can be neither read nor written.
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

impl EventsLock {
    /// The lock in this file; a relative path begins at the package whose test runs.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), events: Vec::new() }
    }

    /// Adds the events of a type.
    pub fn with<E: Event>(mut self) -> Self {
        self.events.extend(Known::all::<E>());
        self
    }

    /// Compares the events with the file. With `BAILIWICK_LOCK=write`, and without `CI`, a file that is out of date is written.
    ///
    /// # Errors
    /// [`LockError`]: a breaking change, which is never written; a file that is out of date or cannot be read.
    pub fn check(&self) -> Result<(), LockError> {
        self.settle(may_write())
    }

    /// The text that the file should have.
    ///
    /// # Errors
    /// As [`check`](Self::check), but for a file that is out of date.
    pub fn renewed(&self) -> Result<String, LockError> {
        self.renew(&self.read()?.unwrap_or_default())
    }

    pub(super) fn settle(&self, write: bool) -> Result<(), LockError> {
        let text = self.read()?.unwrap_or_default();
        let renewed = self.renew(&text)?;
        if renewed == text {
            return Ok(());
        }
        if write {
            return fs::write(&self.path, renewed).map_err(|error| self.file(&error));
        }
        Err(LockError::Stale { path: self.path.clone(), lines: difference(&text, &renewed) })
    }

    fn renew(&self, text: &str) -> Result<String, LockError> {
        let locked = Locked::parse(text).map_err(|bad| LockError::Unreadable {
            path: self.path.clone(),
            line: bad.line,
            why: bad.why,
        })?;
        let found = breaks(&locked, &self.events);
        if found.is_empty() { Ok(merged(locked, &self.events).to_string()) } else { Err(LockError::Breaking(found)) }
    }

    fn read(&self) -> Result<Option<String>, LockError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.file(&error)),
        }
    }

    fn file(&self, error: &io::Error) -> LockError {
        LockError::File { path: self.path.clone(), why: error.to_string() }
    }
}

/// What is locked, with what is new. A renamed event takes its versions along.
fn merged(locked: Locked, events: &[Known]) -> Locked {
    let mut all = Locked::default();
    for known in events {
        let event = all.0.entry(known.spec.name.to_owned()).or_default();
        event.kind = kind(known.spec.kind).to_owned();
        event.aliases = known.spec.aliases.iter().map(|&alias| alias.to_owned()).collect();
        event.sensitive = known.spec.sensitive.iter().map(|&field| field.to_owned()).collect();
        let before = locked.0.iter().filter(|(name, _)| known.spec.answers_to(name));
        event.versions = before.flat_map(|(_, event)| event.versions.clone()).collect();
        event.versions.insert(known.spec.version, known.shape.clone());
    }
    all
}

/// The lines that differ, in the order of the files.
fn difference(before: &str, after: &str) -> Vec<String> {
    let missing = |line: &&str, text: &str| !text.lines().any(|other| other == *line);
    let gone = before.lines().filter(|line| missing(line, after)).map(|line| format!("- {line}"));
    gone.chain(after.lines().filter(|line| missing(line, before)).map(|line| format!("+ {line}"))).collect()
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| path.display().to_string();
        match self {
            Self::Breaking(changes) => f.write_str(&changes.join("\n")),
            Self::Stale { path, lines } => {
                let lines = if lines.is_empty() { "its lines are not in order".into() } else { lines.join("\n") };
                let path = shown(path);
                write!(
                    f,
                    "{path} is out of date:\n{lines}\nrun this test with `BAILIWICK_LOCK=write`, not in CI, and commit the file"
                )
            }
            Self::Unreadable { path, line, why } => write!(f, "{}:{line}: {why}", shown(path)),
            Self::File { path, why } => write!(f, "{}: {why}", shown(path)),
        }
    }
}

impl fmt::Debug for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for LockError {}
