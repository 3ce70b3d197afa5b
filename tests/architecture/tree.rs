//! What lies where: the fixed top level, no path of a machine, one first program.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

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

/// The program in README, formatted, is `examples/hello`.
pub fn first_program(root: &Path) -> Vec<Finding> {
    let readme = fs::read_to_string(root.join("README.md")).unwrap_or_default();
    let program = readme.split_once("```rust").and_then(|(_, rest)| rest.split_once('\n')?.1.split_once("```"));
    let example = fs::read_to_string(root.join("examples/hello/src/main.rs")).unwrap_or_default();
    let code: Vec<&str> = example.lines().skip_while(|line| line.is_empty() || line.starts_with("//!")).collect();
    match formatted(root, program.map_or("", |(program, _)| program)) {
        Ok(text) if text.lines().eq(code.iter().copied()) && !code.is_empty() => Vec::new(),
        Ok(text) => {
            let at = text.lines().zip(&code).take_while(|(told, shown)| told == *shown).count();
            let told = text.lines().nth(at).unwrap_or_default();
            let what = format!("the first program differs from examples/hello/src/main.rs at `{}`", told.trim());
            vec![Finding::new("README.md", 1, "program", what)]
        }
        Err(error) => vec![Finding::new("README.md", 1, "program", format!("rustfmt: {error}"))],
    }
}

fn formatted(root: &Path, program: &str) -> io::Result<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--emit", "stdout", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = rustfmt.stdin.take() {
        input.write_all(program.as_bytes())?;
    }
    let output = rustfmt.wait_with_output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
