//! When the lock is written: asked from outside, by variables.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{path::PathBuf, process::Command};

use super::{EventsLock, Folder, Paid, Way};
use crate::testing::Corpus;

/// Run by the test below in a process of its own, which has the variables.
#[test]
#[ignore = "needs the variables that the test below sets"]
fn a_lock_of_another_process() {
    let folder = std::env::var_os("SCHEMA_FOLDER").unwrap();
    let folder = PathBuf::from(folder);
    let lock = EventsLock::new(folder.join("events.lock")).with::<Paid>().check();
    Corpus::new(folder).with::<Paid>().keep(&Paid { cents: 1, lines: vec![], way: Way::Cash }).unwrap();
    lock.unwrap();
}

#[test]
fn the_file_is_written_where_that_is_asked_for_and_not_in_ci() {
    let folder = Folder::new("process");
    let run = |asked: Option<&str>, ci: bool| {
        let name = "testing::schema::tests::process::a_lock_of_another_process";
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", name, "--ignored"]).env("SCHEMA_FOLDER", &folder.0);
        command.env_remove("CI").env_remove("BAILIWICK_LOCK");
        if ci {
            command.env("CI", "true");
        }
        if let Some(asked) = asked {
            command.env("BAILIWICK_LOCK", asked);
        }
        let done = command.output().unwrap();
        assert!(String::from_utf8_lossy(&done.stdout).contains("running 1 test"), "{done:?}");
        let there = |name: &str| folder.0.join(name).exists();
        assert_eq!(there("events.lock"), there("account.paid.v1.json"));
        (done.status.success(), there("events.lock"))
    };
    assert_eq!(run(None, false), (false, false));
    assert_eq!(run(Some("check"), false), (false, false));
    assert_eq!(run(Some("write"), true), (false, false));
    assert_eq!(run(Some("write"), false), (true, true));
    assert_eq!(run(None, true), (true, true));
}
