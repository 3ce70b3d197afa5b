//! What the manifests say: lints, versions, and how many crates a user builds.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use super::{Finding, source};

/// Every package refuses `unsafe`, through the table of the workspace or its own.
pub fn lints(root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in source::files_below(root, "toml") {
        let path = source::relative(root, &manifest);
        let text = fs::read_to_string(&manifest).unwrap_or_default();
        let package = path.ends_with("Cargo.toml") && text.contains("[package]") && !path.contains("/fixtures/");
        let forbids = text.contains("[lints]\nworkspace = true") || text.contains("unsafe_code = \"forbid\"");
        if package && !forbids {
            findings.push(Finding::new(
                path,
                1,
                "lints",
                "the package takes no lint table: `[lints] workspace = true`",
            ));
        }
    }
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    if !workspace.contains("unsafe_code = \"forbid\"") {
        findings.push(Finding::new("Cargo.toml", 1, "lints", "the lint table does not forbid `unsafe_code`"));
    }
    findings
}

/// Generated code enters by a door that names the version, so that two versions in one tree cannot meet by chance.
pub fn private_door(root: &Path) -> Vec<Finding> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    let door = format!("__private_{}", version.unwrap_or_default().replace(['.', '-'], "_"));
    let library = fs::read_to_string(root.join("runtime/src/lib.rs")).unwrap_or_default();
    if library.contains(&format!("__private as {door};")) {
        return Vec::new();
    }
    vec![Finding::new("runtime/src/lib.rs", 1, "door", format!("there is no `pub use __private as {door};`"))]
}

/// Counts the crates that a user of `bailiwick` builds, without and with default features.
pub fn trees(root: &Path, bare: usize, default: usize) -> Vec<Finding> {
    [(&["--no-default-features"][..], bare), (&[], default)]
        .into_iter()
        .filter_map(|(features, limit)| {
            let crates = tree(root, features);
            let what = match crates {
                Ok(count) if count > limit => format!("{count} crates with {features:?}, more than {limit}"),
                Ok(_) => return None,
                Err(error) => error,
            };
            Some(Finding::new("runtime/Cargo.toml", 1, "tree", what))
        })
        .collect()
}

fn tree(root: &Path, features: &[&str]) -> Result<usize, String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "bailiwick", "-e", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(features)
        .current_dir(root)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let crates: BTreeSet<&str> =
        text.lines().map(|line| line.trim_end_matches(" (*)")).filter(|l| !l.is_empty()).collect();
    Ok(crates.len())
}
