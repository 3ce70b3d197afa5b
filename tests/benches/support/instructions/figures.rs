//! instructions.toml: the figures that are committed, and what they were counted with.

use std::{collections::BTreeMap, fmt, fs};

use super::super::machine;

/// The name of the file.
pub(super) const NAME: &str = "tests/benches/instructions.toml";
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.toml");

const HEAD: &str = "# Instructions of one piece of work, by callgrind: `cargo bench -p tests --bench AREA -- --count --write`.\n\
    # A rise is committed with its reason.\n";

/// What counts depend on beside the code: compilers make other code, C libraries allocate and copy otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Origin {
    rustc: String,
    arch: String,
    libc: String,
}

impl Origin {
    pub(super) fn here() -> Self {
        Self { rustc: machine::rustc(), arch: std::env::consts::ARCH.into(), libc: machine::libc() }
    }

    fn pairs(&mut self) -> [(&'static str, &mut String); 3] {
        [("rustc", &mut self.rustc), ("arch", &mut self.arch), ("libc", &mut self.libc)]
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}", self.rustc, self.arch, self.libc)
    }
}

/// Area, case, side.
type Key = (String, String, String);

/// Figures and what they were counted with.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    pub(super) origin: Origin,
    figures: BTreeMap<Key, u64>,
}

impl Figures {
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, figures: BTreeMap::new() }
    }

    /// Reads the file, which has the form that [`write`](Self::write) gives it. A missing file has no figures.
    pub(super) fn read() -> Self {
        let (mut figures, mut table) = (Self::default(), String::new());
        let text = fs::read_to_string(FILE).unwrap_or_default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('[') {
                Some(name) => table = name.trim_end_matches(']').into(),
                None => figures.take(&table, line).unwrap_or_else(|| panic!("{NAME}: what is `{line}`?")),
            }
        }
        figures
    }

    fn take(&mut self, table: &str, line: &str) -> Option<()> {
        let (name, value) = line.split('#').next()?.split_once(" = ")?;
        let (name, value) = (name.trim().trim_matches('"'), value.trim());
        if table == "counted-with" {
            let mut pairs = self.origin.pairs();
            let (_, place) = pairs.iter_mut().find(|(known, _)| *known == name)?;
            **place = value.trim_matches('"').into();
            return Some(());
        }
        let (area, case) = table.split_once('.')?;
        self.put(area, case.trim_matches('"'), name, value.parse().ok()?);
        Some(())
    }

    pub(super) fn put(&mut self, area: &str, case: &str, side: &str, count: u64) {
        self.figures.insert((area.into(), case.into(), side.into()), count);
    }

    pub(super) fn get(&self, area: &str, case: &str, side: &str) -> Option<u64> {
        self.figures.get(&(area.into(), case.into(), side.into())).copied()
    }

    /// The cases of an area.
    pub(super) fn cases(&self, area: &str) -> impl Iterator<Item = &str> {
        let mut cases: Vec<&str> =
            self.figures.keys().filter(|(of, ..)| of == area).map(|(_, case, _)| &**case).collect();
        cases.dedup();
        cases.into_iter()
    }

    pub(super) fn has(&self, area: &str, case: &str) -> bool {
        self.cases(area).any(|known| known == case)
    }

    /// These, with those of an area replaced.
    pub(super) fn replaced(mut self, area: &str, new: Self) -> Self {
        self.figures.retain(|(of, ..), _| of != area);
        self.figures.extend(new.figures);
        Self { origin: new.origin, ..self }
    }

    pub(super) fn write(mut self) {
        let mut text = format!("{HEAD}\n[counted-with]\n");
        for (name, value) in self.origin.pairs() {
            text += &format!("{name} = {value:?}\n");
        }
        let mut table = String::new();
        for ((area, case, side), count) in &self.figures {
            let name = format!("[{area}.{case:?}]");
            if name != table {
                text += &format!("\n{name}\n");
                table = name;
            }
            text += &format!("{side:?} = {count}\n");
        }
        fs::write(FILE, text).unwrap();
    }
}
