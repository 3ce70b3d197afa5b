//! The program, as one who runs it sees it: on each database the same.
#![allow(clippy::unwrap_used, reason = "plain speech in tests")]

use std::process::{Command, Output};

use tests::servers;

const TOUR: &str = include_str!("tour.txt");

fn run(database: Option<&str>) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_catalogue"));
    if let Some(url) = database {
        command.arg("--database").arg(url);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[track_caller]
fn shows_the_tour(database: Option<&str>) {
    let (code, stdout, stderr) = run(database);
    assert_eq!(stderr, "");
    assert_eq!(stdout, TOUR, "left: printed, right: tests/tour.txt");
    assert_eq!(code, Some(0));
}

#[test]
fn each_run_shows_the_same() {
    shows_the_tour(None);
    shows_the_tour(None);
}

#[test]
fn a_catalogue_that_has_products_is_left_alone() {
    let folder = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("catalogue.db").display());
    shows_the_tour(Some(&url));
    let (code, stdout, stderr) = run(Some(&url));
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(stderr, "the catalogue has products already; name an empty database with --database\n");
}

#[test]
fn what_is_no_database_is_said() {
    let (code, stdout, stderr) = run(Some("redis://localhost"));
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.starts_with("this is no URL of a database: write `sqlite://path`"), "{stderr}");
}

#[test]
fn postgresql_shows_the_same() {
    let Some(room) = servers::postgres().map(|server| server.room()) else { return };
    shows_the_tour(Some(&room.own_url()));
}

#[test]
fn mysql_shows_the_same() {
    let Some(room) = servers::mysql().map(|server| server.room()) else { return };
    shows_the_tour(Some(&room.own_url()));
}
