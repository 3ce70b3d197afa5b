//! The rule lists agree: what a macro checks, its rows in the table of codes, its ui-tests and its reference page.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::codes::{ALL, INTERNAL_FAULT, Owner, ROLES, SYNTAX};

/// Cases that are no rule: they show what holds for all rules.
const FAMILIES: [&str; 7] = [
    "all_at_once",
    "inside_macro_rules",
    "item_survives",
    "one_mistake_one_error",
    "smallest_token",
    "half_typed",
    "version_skew",
];

/// Rules that only a broken item or a broken macro provokes; tests in this crate stand in for their cases.
const IN_CRATE: [&str; 2] = [SYNTAX.name, INTERNAL_FAULT.name];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_default()
}

fn rules(owner: &Owner) -> BTreeSet<&'static str> {
    owner.rules.iter().map(|rule| rule.name).chain(owner.rustc.iter().copied()).collect()
}

/// The cases of a macro: the names of files with this ending.
fn cases(owner: &Owner, ending: &str) -> BTreeSet<String> {
    let Ok(folder) = fs::read_dir(root("../ui-tests/fail").join(owner.name)) else { return BTreeSet::new() };
    let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

#[test]
fn no_code_stands_for_two_rules() {
    let mut seen = BTreeSet::new();
    for owner in ALL {
        for rule in owner.rules {
            assert!(seen.insert(owner.code(*rule)), "{} is used twice", owner.code(*rule));
        }
        assert_eq!(rules(owner).len(), owner.rules.len() + owner.rustc.len(), "{} has a rule twice", owner.name);
    }
}

#[test]
fn every_rule_has_a_ui_test_and_every_ui_test_a_rule() {
    let mut missing = Vec::new();
    for owner in ALL {
        let (rules, cases) = (rules(owner), cases(owner, ".rs"));
        let untested = rules.iter().filter(|rule| !cases.contains(**rule) && !IN_CRATE.contains(rule));
        missing.extend(untested.map(|rule| format!("ui-tests/fail/{}/{rule}.rs is missing", owner.name)));
        let further =
            |case: &str| rules.iter().any(|rule| case.strip_prefix(rule).is_some_and(|rest| rest.starts_with('_')));
        let known =
            |case: &&String| !rules.contains(case.as_str()) && !further(case) && !FAMILIES.contains(&case.as_str());
        missing.extend(cases.iter().filter(known).map(|case| format!("`{case}` is no rule of {}", owner.name)));
        assert_eq!(cases, self::cases(owner, ".stderr"), "cases and texts of {}", owner.name);
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The headings of its sections: the name and the code of a rule; one that rustc reports has no code.
fn sections_of(owner: &Owner) -> BTreeSet<String> {
    let ours = owner.rules.iter().map(|rule| format!("`{}` ({})", rule.name, owner.code(*rule)));
    ours.chain(owner.rustc.iter().map(|name| format!("`{name}`"))).collect()
}

#[test]
fn every_rule_has_a_section_with_its_code_and_every_section_a_rule() {
    let mut missing = Vec::new();
    for owner in ALL.iter().filter(|owner| **owner != &ROLES) {
        let page = read(&format!("src/docs/{}.md", owner.name));
        let (_, text) = page.split_once("# Rules").unwrap_or_default();
        let headings: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let sections = sections_of(owner);
        let rules: BTreeSet<&str> = sections.iter().map(String::as_str).collect();
        let absent = rules.difference(&headings).map(|rule| format!("{}.md has no section {rule}", owner.name));
        missing.extend(absent);
        let idle = headings.difference(&rules).map(|rule| format!("{}.md speaks of {rule}", owner.name));
        missing.extend(idle);
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The rules of a macro: `check.rs`, or the files of the folder `check`.
fn checks(owner: &Owner) -> String {
    let folder = fs::read_dir(root("src").join(owner.name).join("check")).into_iter().flatten();
    let files = folder.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    read(&format!("src/{}/check.rs", owner.name)) + &files.collect::<String>()
}

#[test]
fn every_rule_of_one_macro_is_a_function() {
    let mut missing = Vec::new();
    for owner in ALL.iter().filter(|owner| **owner != &ROLES) {
        let code = checks(owner);
        let own = owner.rules.iter().filter(|rule| rule.number >= 20);
        let absent = own.filter(|rule| !code.contains(&format!("fn {}(", rule.name)));
        missing.extend(absent.map(|rule| format!("src/{}/check.rs has no fn {}", owner.name, rule.name)));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_door_is_spelt_with_the_version() {
    let door = crate::paths::Root::default().door().to_string().replace(' ', "");
    assert_eq!(door, format!("::bailiwick::__private_{}", env!("CARGO_PKG_VERSION").replace('.', "_")));
}
