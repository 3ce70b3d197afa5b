//! Payloads as they were stored once, kept as files.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::known::{Known, may_write, twice};
use crate::{error::Error, event::Event};

/// A folder with one or more payloads of each version of each event, as they were stored: `<event>.v<version>.json`, or
/// `<event>.v<version>.<label>.json` for a further one. A test reads them all with the types of today.
///
/// The lock says that a shape has changed; the corpus shows that the upcasts do what they should. A file is written once,
/// with [`keep`](Self::keep) and `BAILIWICK_LOCK=write`, while its version is the current one, and never changed.
///
/// ```no_run
/// use bailiwick::{Event, testing::Corpus};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Event, Serialize, Deserialize)]
/// enum AccountEvent {
///     #[event(name = "account.deposited")]
///     Deposited { cents: u64 },
/// }
///
/// let corpus = Corpus::new("tests/events").with::<AccountEvent>();
/// corpus.keep(&AccountEvent::Deposited { cents: 5 })?;       // as tests/events/account.deposited.v1.json
/// corpus.check()?;
/// # Ok::<(), bailiwick::testing::CorpusError>(())
/// ```
#[must_use]
#[derive(Debug, Clone)]
pub struct Corpus {
    folder: PathBuf,
    events: Vec<Known>,
}

/// What is wrong with a corpus: one fault on each line. `Debug` is the same text, so `unwrap` and a test that answers it show it.
#[derive(Clone, PartialEq, Eq)]
pub struct CorpusError(Vec<String>);

impl CorpusError {
    /// The faults.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.0
    }
}

/// What the name of a file says.
struct Name<'a> {
    event: &'a str,
    version: u32,
}

impl Corpus {
    /// The payloads in this folder; a relative path begins at the package whose test runs.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), events: Vec::new() }
    }

    /// Adds the events of a type.
    pub fn with<E: Event>(mut self) -> Self {
        self.events.extend(Known::all::<E>());
        self
    }

    /// Reads every file through the upcasts.
    ///
    /// # Errors
    /// All faults: a payload that cannot be read, with its place in it; a version of an event, from 1, without a file; a
    /// file that belongs to no event.
    pub fn check(&self) -> Result<(), CorpusError> {
        let files = self.files()?;
        let names: Vec<Option<Name<'_>>> = files.iter().map(|file| Name::of(file)).collect();
        let mut faults: Vec<String> = twice(&self.events)
            .into_iter()
            .map(|name| format!("{name}: two events have this name or alias; give one of them another"))
            .collect();
        faults.extend(files.iter().zip(&names).filter_map(|(file, name)| self.fault(file, name.as_ref())));
        faults.extend(self.events.iter().flat_map(|known| self.gaps(known, &names)));
        if faults.is_empty() { Ok(()) } else { Err(CorpusError(faults)) }
    }

    /// Writes the payload of an event with `BAILIWICK_LOCK=write`, and without `CI`, if its version has no file yet.
    ///
    /// # Errors
    /// The event cannot be encoded, or the folder cannot be written.
    pub fn keep<E: Event>(&self, event: &E) -> Result<(), CorpusError> {
        if may_write() { self.write(event) } else { Ok(()) }
    }

    pub(super) fn write<E: Event>(&self, event: &E) -> Result<(), CorpusError> {
        let spec = event.spec();
        let files = self.files()?;
        let is_there = |file: &String| {
            Name::of(file).is_some_and(|name| spec.answers_to(name.event) && name.version == spec.version)
        };
        if files.iter().any(is_there) {
            return Ok(());
        }
        let path = self.folder.join(format!("{}.v{}.json", spec.name, spec.version));
        let mut payload = event.encode().map_err(|error| one(&path, &error))?;
        payload.push(b'\n');
        fs::create_dir_all(&self.folder).map_err(|error| one(&self.folder, &error))?;
        fs::write(&path, payload).map_err(|error| one(&path, &error))
    }

    /// The files, in the order of their names; none, if there is no folder.
    fn files(&self) -> Result<Vec<String>, CorpusError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| one(&self.folder, &error))?,
        };
        let name =
            |entry: io::Result<fs::DirEntry>| entry.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> =
            entries.map(name).collect::<Result<_, _>>().map_err(|error| one(&self.folder, &error))?;
        names.sort();
        Ok(names)
    }

    /// What is wrong with a file.
    fn fault(&self, file: &str, name: Option<&Name<'_>>) -> Option<String> {
        let Some(Name { event, version }) = name else {
            return Some(format!(
                "{file}: its name is not `<event>.v<version>.json` or `<event>.v<version>.<label>.json`"
            ));
        };
        let Some(known) = self.events.iter().find(|known| known.spec.answers_to(event)) else {
            return Some(format!(
                "{file}: no event has the name or alias {event}; add its type with `with`, or write the alias"
            ));
        };
        let payload = match fs::read(self.folder.join(file)) {
            Ok(payload) => payload,
            Err(error) => return Some(format!("{file}: {error}")),
        };
        (known.read)(event, *version, &payload).err().map(|error: Error| format!("{file}: {error}"))
    }

    /// The versions of an event that have no file.
    fn gaps(&self, known: &Known, names: &[Option<Name<'_>>]) -> Vec<String> {
        let spec = known.spec;
        let has =
            |version: &u32| names.iter().flatten().any(|name| spec.answers_to(name.event) && name.version == *version);
        let gap = |version| {
            let (name, now) = (spec.name, version == spec.version);
            let way = if now {
                "with `Corpus::keep` and `BAILIWICK_LOCK=write`"
            } else {
                "from the store, or from your history"
            };
            format!("{name} v{version}: no file {name}.v{version}.json; make it {way}")
        };
        (1..=spec.version).filter(|version| !has(version)).map(gap).collect()
    }
}

impl<'a> Name<'a> {
    fn of(file: &'a str) -> Option<Self> {
        let stem = file.strip_suffix(".json")?;
        let read = |stem: &'a str| {
            let (event, version) = stem.rsplit_once(".v")?;
            Some(Self { event, version: version.parse().ok().filter(|version| *version > 0)? })
        };
        read(stem).or_else(|| read(stem.rsplit_once('.')?.0))
    }
}

fn one(path: &Path, why: &dyn fmt::Display) -> CorpusError {
    CorpusError(vec![format!("{}: {why}", path.display())])
}

impl fmt::Display for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl fmt::Debug for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CorpusError {}
