//! Runs every case: those in `pass/` compile and run, those in `fail/` say exactly what their `.stderr` says.
//!
//! The texts of rustc differ from release to release, so the cases run under the pinned one only. `TRYBUILD=overwrite`
//! writes the texts anew; they are then reviewed as code.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::process::Command;

const PINNED: &str = "rustc 1.95.";

fn pinned() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    if !version.starts_with(PINNED) {
        println!("skipped: the texts are those of {PINNED}x, and this is {version}");
    }
    version.starts_with(PINNED)
}

#[test]
fn every_case_says_what_it_should() {
    if !pinned() {
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.pass("pass/*/*.rs");
    cases.compile_fail("fail/*/*.rs");
}
