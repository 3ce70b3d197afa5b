//! What lies where: the fixed top level, no path of a machine, one first program.

use std::{fs, path::Path};

use super::{Finding, source};

/// Names of folders that only exist on somebody's machine, in two halves so that this file does not hold them.
const MACHINES: &[(&str, &str)] = &[("/ho", "me/"), ("/ro", "ot/"), ("/Us", "ers/"), ("/tm", "p/"), ("/wo", "rk/")];

/// Checks the top level and every text in the tree.
pub fn check(root: &Path, top_level: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let database = [".db", ".db-wal", ".db-shm"].iter().any(|end| name.ends_with(end));
        if !database && !top_level.contains(&name.as_str()) {
            findings.push(Finding::new(name, 1, "top-level", "nothing is added at the top level"));
        }
    }
    for folder in top_level.iter().filter(|name| !matches!(**name, ".git" | "target" | "Cargo.lock")) {
        let path = root.join(folder);
        let files = if path.is_dir() { source::files_below(&path, "") } else { vec![path] };
        findings.extend(files.iter().flat_map(|file| machine_paths(root, file)));
    }
    findings
}

fn machine_paths(root: &Path, file: &Path) -> Vec<Finding> {
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (left, right) in MACHINES {
            let path = [*left, *right].concat();
            let absolute =
                line.match_indices(&path).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric()));
            if absolute {
                let what = format!("`{path}` is a path of one machine");
                findings.push(Finding::new(source::relative(root, file), number + 1, "machine", what));
            }
        }
    }
    findings
}

/// The program in README is `examples/hello`, word for word.
pub fn first_program(root: &Path) -> Vec<Finding> {
    let readme = fs::read_to_string(root.join("README.md")).unwrap_or_default();
    let program = readme.split_once("```rust").and_then(|(_, rest)| rest.split_once('\n')?.1.split_once("```"));
    let example = fs::read_to_string(root.join("examples/hello/src/main.rs")).unwrap_or_default();
    let told = words(program.map_or("", |(program, _)| program));
    if !told.is_empty() && told == words(&example) {
        return Vec::new();
    }
    vec![Finding::new("README.md", 1, "program", "the first program differs from examples/hello/src/main.rs")]
}

/// The code without comments, attributes for lints and layout.
fn words(program: &str) -> String {
    let told = |line: &&str| !line.trim_start().starts_with("//") && !line.trim_start().starts_with("#!");
    let text: String = program.lines().filter(told).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
    text.replace(",}", "}").replace(",)", ")")
}
