//! What a log calls things.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{LogError, LogErrorKind};
use crate::{
    conformance::{By, Conformance},
    state_machine::Graph,
};

/// What a log calls its columns and activities. Everything has a default, so an empty map is a map.
///
/// ```
/// use bailiwick::conformance::{By, LogMap};
///
/// let map = LogMap::from_toml(r#"
///     by = "transition"
///     delimiter = ";"
///     case = "Ticket"
///     activity = "What"
///     time = "When"
///     [rename]
///     "Agent took it" = "assign"
/// "#)?;
/// assert_eq!(map.by, By::Transition);
/// assert_eq!(map.rename["Agent took it"], "assign");
/// # Ok::<(), bailiwick::conformance::LogError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LogMap {
    /// The column of the case; default `case`. In XES, the key of a trace's name; default `concept:name`.
    pub case: Option<String>,
    /// The column of the activity; default `activity`. In XES the key; default `concept:name`.
    pub activity: Option<String>,
    /// The column of the time; default `time`, if there is one. In XES the key; default `time:timestamp`.
    pub time: Option<String>,
    /// What stands between the columns of CSV: one ASCII character; default `,`.
    pub delimiter: char,
    /// What an event is; default a state.
    pub by: By,
    /// From the names of activities in the log to those in the machine.
    pub rename: BTreeMap<String, String>,
}

impl Default for LogMap {
    fn default() -> Self {
        Self { case: None, activity: None, time: None, delimiter: ',', by: By::State, rename: BTreeMap::new() }
    }
}

impl LogMap {
    /// Reads a map from TOML.
    ///
    /// # Errors
    /// If it is no TOML, or has a key that a map does not have, or a delimiter that is no ASCII character; the error names
    /// the line.
    pub fn from_toml(text: &str) -> Result<Self, LogError> {
        let map: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.and_then(|before| u64::try_from(before.matches('\n').count() + 1).ok());
            LogErrorKind::Map(error.message().to_owned()).at(line, None)
        })?;
        map.separator()?;
        Ok(map)
    }

    /// A check of `graph` that knows the names of this map.
    ///
    /// # Errors
    /// If something is renamed to what the machine does not have.
    pub fn check(&self, graph: &Graph) -> Result<Conformance, LogError> {
        let plain = Conformance::new(graph).by(self.by);
        if let Some((foreign, own)) = self.rename.iter().find(|(_, own)| !plain.knows(own)) {
            let (by, machine) = (self.by, &graph.machine);
            let what = format!("`{foreign}` is renamed to `{own}`, which is no {by} of `{machine}`");
            return Err(LogErrorKind::Map(what).at(None, None));
        }
        Ok(self.rename.iter().fold(plain, |check, (foreign, own)| check.rename(foreign, own)))
    }

    pub(super) fn separator(&self) -> Result<u8, LogError> {
        let ascii = u8::try_from(self.delimiter).ok().filter(|byte| byte.is_ascii() && !b"\"\r\n".contains(byte));
        let what = || format!("`{}` cannot stand between columns: choose another ASCII character", self.delimiter);
        ascii.ok_or_else(|| LogErrorKind::Map(what()).at(None, None))
    }
}
