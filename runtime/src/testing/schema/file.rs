//! The text of a lock file: one fact on a line, sorted, so that two branches that add events merge by themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
};

use crate::codec::Shape;

/// The first line.
pub(super) const HEAD: &str = "# The events of this program, as they are stored: `bailiwick::testing::EventsLock`.";

/// What is locked of all events, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Locked(pub(super) BTreeMap<String, LockedEvent>);

/// What is locked of one event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LockedEvent {
    pub(super) kind: String,
    pub(super) aliases: BTreeSet<String>,
    /// The fields that are stored encrypted, by their names in Rust.
    pub(super) sensitive: BTreeSet<String>,
    /// The shapes of the versions that were locked.
    pub(super) versions: BTreeMap<u32, Shape>,
}

impl LockedEvent {
    /// The highest version.
    pub(super) fn version(&self) -> u32 {
        self.versions.keys().next_back().copied().unwrap_or_default()
    }
}

/// A line that is none, from 1, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    pub(super) line: usize,
    pub(super) why: String,
}

/// The facts as they are read, each with its line.
#[derive(Default)]
struct Facts {
    locked: Locked,
    shapes: BTreeMap<(String, u32), String>,
    lines: BTreeMap<[String; 3], usize>,
}

impl Locked {
    /// Reads the text of a file.
    pub(super) fn parse(text: &str) -> Result<Self, BadLine> {
        let mut facts = Facts::default();
        for (index, line) in text.split('\n').enumerate() {
            let line_number = index + 1;
            facts.line(line, line_number).map_err(|why| BadLine { line: line_number, why })?;
        }
        facts.whole()
    }
}

impl Facts {
    fn line(&mut self, line: &str, number: usize) -> Result<(), String> {
        if line.ends_with('\r') {
            return Err(
                "it ends in CR LF; write `events.lock text eol=lf` into `.gitattributes`, and the file with LF".into(),
            );
        }
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let mut words = line.splitn(3, ' ');
        let (Some(name), Some(what), Some(value)) = (words.next(), words.next(), words.next()) else {
            return Err(no_fact(line));
        };
        let place = if what == "kind" { "" } else { value.rsplit_once(": ").map_or(value, |(path, _)| path) };
        if let Some(first) = self.lines.insert([name.into(), what.into(), place.into()], number) {
            return Err(format!("it says again what line {first} says; remove one of them"));
        }
        self.fact(name, what, value).ok_or_else(|| no_fact(line))
    }

    fn fact(&mut self, name: &str, what: &str, value: &str) -> Option<()> {
        let event = self.locked.0.entry(name.to_owned()).or_default();
        match what {
            "alias" => drop(event.aliases.insert(value.to_owned())),
            "sensitive" => drop(event.sensitive.insert(value.to_owned())),
            "kind" => event.kind = value.to_owned(),
            _ => {
                let version = what.strip_prefix('v')?.parse().ok().filter(|version| *version > 0)?;
                value.parse::<Shape>().ok()?;
                let shape = self.shapes.entry((name.to_owned(), version)).or_default();
                shape.push_str(value);
                shape.push('\n');
            }
        }
        Some(())
    }

    fn whole(mut self) -> Result<Locked, BadLine> {
        for ((name, version), text) in self.shapes {
            let (Some(event), Ok(shape)) = (self.locked.0.get_mut(&name), text.parse()) else { continue };
            event.versions.insert(version, shape);
        }
        let half = self.locked.0.iter().find(|(_, event)| event.kind.is_empty() || event.versions.is_empty());
        match half {
            None => Ok(self.locked),
            Some((name, event)) => {
                let missing = if event.kind.is_empty() { "a kind" } else { "a version" };
                let own = self.lines.iter().filter(|([of, ..], _)| of == name).map(|(_, line)| *line);
                let why = format!("`{name}` has lines, but none for {missing}; take the file from your history");
                Err(BadLine { line: own.min().unwrap_or_default(), why })
            }
        }
    }
}

fn no_fact(line: &str) -> String {
    format!(
        "`{line}` is no `<event> kind …`, `<event> alias …`, `<event> sensitive …` or `<event> v<version> <place>: <kind>`; take the file from your history"
    )
}

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{HEAD}\n");
        for (name, event) in &self.0 {
            event.aliases.iter().try_for_each(|alias| writeln!(text, "{name} alias {alias}"))?;
            writeln!(text, "{name} kind {}", event.kind)?;
            event.sensitive.iter().try_for_each(|field| writeln!(text, "{name} sensitive {field}"))?;
            for (version, shape) in &event.versions {
                shape.facts().try_for_each(|(path, kind)| writeln!(text, "{name} v{version} {path}: {kind}"))?;
            }
        }
        f.write_str(&text)
    }
}
