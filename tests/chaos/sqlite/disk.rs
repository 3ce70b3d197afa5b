//! A disk that is full, and one that answers errors.

use std::{env, fs, path::Path, process::Command};

use bailiwick::{Error, Expected, Store, Version, sql::SqliteStore};

use super::{
    child::{ARGUMENTS, dress, lines, say},
    support::{Acknowledged, book, bookings, event, judge, open},
};

/// Appends until the disk refuses, makes space, and appends again; in a small file system of its own.
pub async fn fill(file: &Path) {
    let ballast = file.with_extension("ballast");
    fs::write(&ballast, vec![1; 1 << 20]).unwrap();
    let store = open(file).await;
    let (mut own, error) = append_until_refused(&store, 16 << 10).await;
    assert!(error.is_transient() && error.code() == "db/full", "{error:?}");
    let again = book(&store, "a", Expected::Any, event(16 << 10)).await.unwrap_err();
    assert!(again.is_transient() && again.code() == "db/full", "{again:?}");
    assert_eq!(bookings(&store, "a").await, own.len(), "readers go on, and what failed was not written");
    fs::remove_file(ballast).unwrap();
    for _ in 0..10 {
        own.push(book(&store, "a", Expected::at(Version::new(own.len() as u64)), event(100)).await.unwrap());
    }
    store.close().await.unwrap();
    assert_eq!(judge(file, &own).await.len(), own.len());
    say("done");
}

/// Appends until a file may not grow any more, which the system reports as an error of writing.
pub async fn limited(file: &Path) {
    let store = open(file).await;
    let mut unknown = 0;
    let mut own = Vec::new();
    for _ in 0..3 {
        let (more, error) = append_until_refused(&store, 16 << 10).await;
        own.extend(more);
        assert!(error.is_unknown_outcome() || error.is_transient(), "{error:?}");
        unknown += usize::from(error.is_unknown_outcome());
    }
    store.close().await.unwrap();
    let stored = judge(file, &own).await.len();
    assert!((own.len()..=own.len() + unknown).contains(&stored), "{stored} stored, {} acknowledged", own.len());
    say("done");
}

async fn append_until_refused(store: &SqliteStore, bytes: usize) -> (Vec<Acknowledged>, Error) {
    let mut own = Vec::new();
    loop {
        match book(store, "a", Expected::Any, event(bytes)).await {
            Ok(acknowledged) => own.push(acknowledged),
            Err(error) => {
                say(&format!("refused after {}: {error:?}", own.len()));
                return (own, error);
            }
        }
        assert!(own.len() < 10_000, "the disk never refused");
    }
}

/// Runs a role under a shell, which prepares the world for it and says `prepared`. `None` if it could not; what goes wrong
/// afterwards is a failure.
pub fn under(shell: &str, role: &str, folder: &Path) -> Option<bool> {
    let mut command = Command::new("unshare");
    let binary = env::current_exe().unwrap();
    command.args(["-m", "sh", "-c", shell, "sh"]).arg(folder).arg(binary).args(ARGUMENTS);
    let mut child = dress(&mut command, role, &folder.join("a.db")).spawn().ok()?;
    let said: Vec<_> = lines(&mut child).collect();
    let status = child.wait().unwrap();
    let prepared = said.iter().any(|line| line == "prepared");
    prepared.then(|| status.success() && said.iter().any(|line| line.ends_with("done")))
}

#[test]
fn a_full_disk_is_a_typed_error_and_work_resumes_when_there_is_space() {
    let folder = tempfile::tempdir().unwrap();
    let shell = r#"mount -t tmpfs -o size=4m none "$1" || exit; echo prepared; shift; exec "$@""#;
    match under(shell, "fill", folder.path()) {
        Some(passed) => assert!(passed),
        None => println!("skipped: no file system can be mounted here"),
    }
}

#[test]
fn a_disk_that_answers_errors_loses_and_invents_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // Signal 25 is SIGXFSZ: ignored, a write beyond the limit fails with EFBIG instead.
    let shell = r#"trap '' 25; ulimit -f 4096 || exit; echo prepared; shift; exec "$@""#;
    match under(shell, "limited", folder.path()) {
        Some(passed) => assert!(passed),
        None => println!("skipped: the size of files cannot be limited here"),
    }
}
