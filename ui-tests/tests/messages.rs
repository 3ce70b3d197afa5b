//! What all messages have in common, read from the `.stderr` files.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every case, its source and its text.
fn cases() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail");
    let folders = fs::read_dir(root).unwrap().map(|folder| folder.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()));
    let mut sources: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "rs")).collect();
    sources.sort();
    let read = |path: PathBuf| {
        let (source, text) = (fs::read_to_string(&path).unwrap(), fs::read_to_string(path.with_extension("stderr")));
        (path, source, text.unwrap_or_default())
    };
    sources.into_iter().map(read).collect()
}

/// Our messages: each with its help lines. Those of rustc have a code of the form `E0000`, or none at all.
fn ours(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| line.starts_with("error: ") && line.contains("[BW"));
    starts
        .map(|(start, first)| {
            let helps = lines[start + 1..].iter().take_while(|line| line.trim_start().starts_with("= help: "));
            [*first].into_iter().chain(helps.copied()).collect()
        })
        .collect()
}

#[test]
fn the_number_of_errors_is_the_one_announced() {
    let mut wrong = Vec::new();
    for (path, source, text) in cases() {
        let announced = source.lines().next().and_then(|line| line.strip_prefix("// errors: "));
        let announced: usize = announced.and_then(|number| number.parse().ok()).unwrap_or_default();
        let found = text.lines().filter(|line| line.starts_with("error")).count();
        if found != announced {
            wrong.push(format!("{}: {announced} announced, {found} found", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_message_has_the_form() {
    let mut wrong = Vec::new();
    for (path, _, text) in cases() {
        for message in ours(&text) {
            if let Some(why) = fault(&message) {
                wrong.push(format!("{}: {why}: {}", path.display(), message[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is wrong with the form of a message.
fn fault(message: &[&str]) -> Option<&'static str> {
    let (first, helps) = message.split_first()?;
    let (text, code) = first.strip_prefix("error: ")?.rsplit_once(" [BW")?;
    let digits = code.strip_suffix(']').unwrap_or_default();
    if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some("the code is not last");
    }
    if text.starts_with(char::is_uppercase) {
        return Some("it starts with a capital");
    }
    if text.ends_with('.') || helps.iter().any(|help| help.ends_with('.')) {
        return Some("it ends in a period");
    }
    if text.matches('`').count() % 2 == 1 {
        return Some("a backtick is not closed");
    }
    let section = |help: &&&str| help.trim_start().starts_with("= help: see the section `");
    match helps {
        [] => None,
        [.., last] if helps.len() <= 2 && section(&last) => None,
        _ => Some("at most two help lines, the last of them names the section"),
    }
}

#[test]
fn the_test_of_the_form_can_fail() {
    assert!(fault(&["error: Unknown [BW0101]"]).is_some());
    assert!(fault(&["error: unknown `a [BW0101]"]).is_some());
    assert!(fault(&["error: unknown. [BW0101]"]).is_some());
    assert!(fault(&["error: unknown [BW01]"]).is_some());
    assert!(fault(&["error: unknown [BW0101]", "  = help: write `a`"]).is_some());
}
