//! The house rules as tests: who may import whom, what has only one home, and how large things may grow.
//!
//! Every finding is one line, `file:line: rule: what`. A reasoned exception stands in `architecture/exceptions.rs`.

#[path = "architecture/mod.rs"]
mod checker;

use std::path::PathBuf;

use checker::{Finding, budgets, cargo, exceptions, facade, homes, injection, layers, source, tree};

/// Who may name whom: a module only what stands in a later row.
const LAYERS: &[&[&str]] = &[
    &["blocking", "testing", "__private", "roles", "guide"],
    &["app"],
    &["mediator"],
    &["story", "component"],
    &["relay", "subscription", "cached", "history"],
    &["unit_of_work"],
    &["projection"],
    &["sql", "bus", "conformance", "archive"],
    &["repository", "cache"],
    &["store"],
    &["plan"],
    &["aggregate", "specification", "strategy", "plugin"],
    &["entity"],
    &["state_machine", "value_object"],
    &["command", "query", "event"],
    &["sensitive"],
    &["envelope"],
    &["codec", "resilience", "lazy", "tenant", "actor"],
    &["clock"],
    &["id", "version", "name", "timestamp"],
    &["error", "telemetry"],
];

/// What may lie at the top level; no folder is added.
const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".git",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "examples",
    "macros",
    "runtime",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "target",
    "tests",
    "ui-tests",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_file_follows_the_rules() {
    let (sources, mut findings) = source::read(&root());
    findings.extend(layers::check(&sources, LAYERS));
    findings.extend(homes::check(&sources));
    findings.extend(budgets::check(&sources));
    findings.extend(facade::check(&sources));
    findings.extend(tree::check(&root(), TOP_LEVEL));
    findings.extend(cargo::lints(&root()));
    expect_none(&exceptions::apply(exceptions::EXCEPTIONS, findings));
}

#[test]
fn the_private_door_carries_the_version_of_the_package() {
    expect_none(&cargo::private_door(&root()));
}

#[test]
fn the_trees_of_dependencies_stay_small() {
    expect_none(&cargo::trees(&root(), 55, 130));
}

#[test]
fn the_expansions_of_the_macros_stay_small() {
    expect_none(&budgets::expansions(&root()));
}

#[test]
fn the_first_program_is_the_same_in_readme_and_example() {
    expect_none(&tree::first_program(&root()));
}

#[test]
fn an_injected_fault_is_named() {
    let known = injection::check(&root(), LAYERS);
    for fault in injection::FAULTS {
        let findings = injection::findings_of(&root(), fault, LAYERS);
        let names = |found: &&Finding| found.rule == fault.rule && found.file == fault.file() && !known.contains(found);
        let named = findings.iter().find(names).is_some();
        assert!(named, "`{}` in {} was not named as `{}`", fault.text.trim(), fault.file(), fault.rule);
    }
}

#[test]
fn a_method_that_one_form_lacks_or_has_with_other_arguments_is_named() {
    let (sources, _) = source::read(&root());
    let [all, facade] = facade::both(&sources);
    assert!(all.len() > 60, "{} methods were found", all.len());
    for method in &all {
        let mut fewer = facade.clone();
        fewer.remove(method);
        assert_eq!(facade::compare(&all, &fewer).len(), 1, "{method:?}");
        fewer.insert((method.0.clone(), method.1.clone(), method.2 + 1));
        assert_eq!(facade::compare(&all, &fewer).len(), 2, "{method:?}");
    }
}

#[test]
fn an_exception_needs_a_reason_and_a_use() {
    let unused =
        [exceptions::Exception { rule: "sql", file: "runtime/src/none.rs", what: "", reason: "kept for later" }];
    let silent = [exceptions::Exception { rule: "sql", file: "runtime/src/some.rs", what: "", reason: " " }];
    let finding = Finding::new("runtime/src/some.rs", 1, "sql", "a statement");
    assert_eq!(exceptions::apply(&unused, Vec::new()).len(), 1);
    assert_eq!(exceptions::apply(&silent, vec![finding]).len(), 1);
}

#[track_caller]
fn expect_none(findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(lines.is_empty(), "{} findings\n{}\n", lines.len(), lines.join("\n"));
}
