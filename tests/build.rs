//! Writes the sentences of repositories a second time, for the blocking facade: the same text without `async` and `.await`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

const FILES: &[&str] =
    &["reads", "writes", "pages", "tenants", "many/sums", "many/bulk", "many/related", "many/streams", "many/upserts"];
/// What both forms have under the same name.
const FORMS: &[&str] = &["Db", "Find", "Repository", "Scoped", "Session"];
const DATABASES: &[&str] = &["memory", "sqlite", "postgres", "mysql"];

fn main() {
    let to = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    for file in FILES {
        let from = Path::new("data/rows").join(file).with_extension("rs");
        println!("cargo::rerun-if-changed={}", from.display());
        let text = fs::read_to_string(&from).expect("a list of sentences");
        let name = format!("{}.rs", file.rsplit('/').next().unwrap_or(file));
        fs::write(to.join(name), blocking(&text)).expect("a place for what is built");
    }
}

fn blocking(text: &str) -> String {
    let body: String = text.lines().filter(|line| !line.starts_with("//!")).map(|line| format!("{line}\n")).collect();
    // Who does two things at once has no counterpart: each thread waits for one answer.
    let parts = body.split_inclusive("\n}\n").filter(|part| !part.contains("join_all(")).collect::<String>();
    let text = parts.lines().map(imported).collect::<String>();
    let text = text
        .replace(".await", "")
        .replace("async fn", "fn")
        .replace("async |", "|")
        .replace("bailiwick::repository::Repository", "bailiwick::blocking::Repository")
        .replace("bailiwick::repository::Find<", "bailiwick::blocking::Find<")
        .replace("futures_util::TryStreamExt", "super::TryStreamExt")
        .replace("crate::rows::", "super::");
    format!("{text}\n{}", tests(&text))
}

/// A line; of what is imported from `repository`, the forms that wait.
fn imported(line: &str) -> String {
    let Some(names) = line.strip_prefix("    repository::{").and_then(|names| names.strip_suffix("},")) else {
        return format!("{line}\n");
    };
    let of = |form: &str, wanted: bool| {
        let names: Vec<&str> = names.split(", ").filter(|name| FORMS.contains(name) == wanted).collect();
        format!("    {form}::{{{}}},\n", names.join(", "))
    };
    of("blocking", true) + &of("repository", false)
}

/// Each sentence as a test of each database.
fn tests(text: &str) -> String {
    let sentences = text.lines().filter_map(|line| line.strip_prefix("pub fn ")?.strip_suffix("(db: &Db) {"));
    let sentences: Vec<&str> = sentences.collect();
    let test = |database: &str, sentence: &str| {
        format!(
            "    #[test]\n    fn {sentence}() {{\n        super::super::ask(crate::rows::Fresh::{database}(), super::{sentence});\n    }}\n"
        )
    };
    let of = |database: &&str| {
        let tests: String = sentences.iter().map(|sentence| test(database, sentence)).collect();
        format!("mod {database} {{\n{tests}}}\n")
    };
    DATABASES.iter().map(of).collect()
}
