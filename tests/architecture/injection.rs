//! The proof that the checker can fail: faults are put into a copy, and each must be named.

use std::{fs, path::Path};

use super::{Finding, budgets, homes, layers, source};

/// A fault: text that is put behind a file of `runtime/src`.
pub struct Fault {
    pub rule: &'static str,
    file: &'static str,
    pub text: &'static str,
}

impl Fault {
    const fn new(rule: &'static str, file: &'static str, text: &'static str) -> Self {
        Self { rule, file, text }
    }

    /// The file that the finding must name.
    pub fn file(&self) -> String {
        format!("runtime/src/{}", self.file)
    }
}

/// One or more for each rule.
pub const FAULTS: &[Fault] = &[
    Fault::new("layers", "event.rs", "use crate::app::App;"),
    Fault::new("layers", "event.rs", "use crate::{codec, store::{Store, Commit}};"),
    Fault::new("layers", "event.rs", "fn f() -> u32 { crate::mediator::send() }"),
    Fault::new("layers", "event.rs", "mod inner { use super::super::store::Store; }"),
    Fault::new("layers", "event.rs", "macro_rules! m { () => { $crate::unit_of_work::Commit } }"),
    Fault::new("layers", "event.rs", "use bailiwick::sql::Database;"),
    Fault::new("layers", "event.rs", "use crate::Nameless;"),
    Fault::new("layers", "codec/json.rs", "use super::super::event::Event;"),
    Fault::new("layers", "stranger.rs", "//! A module that no row has."),
    Fault::new("sql", "event.rs", "const Q: &str = \"SELECT payload FROM bw_events\";"),
    Fault::new("sql", "event.rs", "const Q: &str = r#\"\n  DELETE FROM bw_events\"#;"),
    Fault::new("sql", "event.rs", "use rusqlite::Connection;"),
    Fault::new("json", "event.rs", "use serde_json::Value;"),
    Fault::new("time", "event.rs", "fn f() { let _ = std::time::SystemTime::now(); }"),
    Fault::new("time", "event.rs", "fn f() { let _ = Instant::now(); }"),
    Fault::new("time", "event.rs", "fn f() { let _ = uuid::Uuid::now_v7(); }"),
    Fault::new("tasks", "event.rs", "fn f() { tokio::spawn(async {}); }"),
    Fault::new("tasks", "event.rs", "fn f() { std::thread::spawn(|| ()); }"),
    Fault::new("spans", "event.rs", "fn f() { let _ = tracing::info_span!(\"send\"); }"),
    Fault::new("globs", "event.rs", "use std::fmt::*;"),
    Fault::new("globs", "event.rs", "pub use std::{fmt::{self, *}, io};"),
    Fault::new("cfg", "event.rs", "#[cfg(feature = \"sqlite\")] fn f() {}"),
    Fault::new("cfg", "event.rs", "#[cfg_attr(test, derive(Debug))] struct S;"),
    Fault::new("cfg", "event.rs", "fn f() -> bool { cfg!(test) }"),
    Fault::new("nowhere", "event.rs", "#[async_trait] trait T {}"),
    Fault::new("nowhere", "event.rs", "fn f() { todo!() }"),
    Fault::new("head", "stranger.rs", "fn f() {}"),
    Fault::new("syntax", "event.rs", "fn f( {}"),
    Fault::new("arguments", "event.rs", "fn f(a: u8, b: u8, c: u8, d: u8, e: u8) {}"),
    Fault::new("function", "event.rs", "fn f() {\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n}"),
];

/// What the checker says of a copy of the file with the fault in it.
pub fn findings_of(root: &Path, fault: &Fault, table: &[&[&str]]) -> Vec<Finding> {
    let Ok(copy) = tempfile::tempdir() else { return Vec::new() };
    let target = copy.path().join(fault.file());
    let origin = fs::read_to_string(root.join(fault.file())).unwrap_or_default();
    let made = target.parent().map(fs::create_dir_all).is_some_and(|made| made.is_ok());
    let written = made && fs::write(&target, origin + "\n" + fault.text).is_ok();
    if written { check(copy.path(), table) } else { Vec::new() }
}

/// What the checker says of a tree.
pub fn check(root: &Path, table: &[&[&str]]) -> Vec<Finding> {
    let (sources, mut findings) = source::read(root);
    findings.extend(layers::check(&sources, table));
    findings.extend(homes::check(&sources));
    findings.extend(budgets::check(&sources));
    findings
}
