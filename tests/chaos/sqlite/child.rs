//! Processes of the cases: this test binary, started again in a role.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use bailiwick::{Position, Store, Version, sql::SqliteStore};

use super::{
    disk, import,
    support::{Acknowledged, open},
};
use crate::appender::appends;

const ROLE: &str = "BAILIWICK_CHAOS_ROLE";
const FILE: &str = "BAILIWICK_CHAOS_FILE";

/// The arguments that make this test binary play a role.
pub const ARGUMENTS: [&str; 4] = ["--exact", "sqlite::child::plays_its_role", "--ignored", "--nocapture"];

/// Makes a command play a role on a file.
pub fn dress<'a>(command: &'a mut Command, role: &str, file: &Path) -> &'a mut Command {
    command.env(ROLE, role).env(FILE, file).stdin(Stdio::null()).stdout(Stdio::piped())
}

/// Starts a process in a role.
pub fn start(role: &str, file: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    dress(command.args(ARGUMENTS), role, file).spawn().unwrap()
}

/// The lines that a process says.
pub fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let stdout: ChildStdout = child.stdout.take().unwrap();
    BufReader::new(stdout).lines().map_while(Result::ok)
}

/// Says a line at once.
pub fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes()).unwrap();
    stdout.flush().unwrap();
}

/// What a process says of an acknowledged event.
pub fn say_acknowledged(own: &Acknowledged) {
    say(&format!("ack {} {} {} {}", own.id, own.stream, own.version, own.position));
}

/// Reads what a process says of an acknowledged event.
pub fn acknowledged(line: &str) -> Option<Acknowledged> {
    // The harness of the child may have begun a line of its own.
    let words: Vec<_> = line.get(line.find("ack ")?..)?.split(' ').collect();
    let [_, id, stream, version, position] = words[..] else { return None };
    Some(Acknowledged {
        id: id.parse().ok()?,
        stream: stream.into(),
        version: Version::new(version.parse().ok()?),
        position: Position::new(position.parse().ok()?),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "other cases start this as a process of theirs"]
async fn plays_its_role() {
    let (Ok(role), Some(file)) = (env::var(ROLE), env::var_os(FILE).map(PathBuf::from)) else { return };
    match role.as_str() {
        "append" => appends(open(&file).await).await,
        "migrate" => migrate(&file).await,
        "hold" => hold(&file),
        "import" => import::run(&file).await,
        "fill" => disk::fill(&file).await,
        "rebuild" => crate::rebuild::full::rebuilds(&file).await,
        "limited" => disk::limited(&file).await,
        other => panic!("no role is called {other}"),
    }
}

/// Migrates at the sign, which is a file.
async fn migrate(file: &Path) {
    say("ready");
    while !file.with_extension("go").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    let store = SqliteStore::open(file).unwrap();
    store.migrate().await.unwrap();
    say("migrated");
    store.close().await.unwrap();
}

/// Holds the write lock until the sign.
fn hold(file: &Path) {
    let database = rusqlite::Connection::open(file).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    say("held");
    while !file.with_extension("go").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    database.execute_batch("ROLLBACK").unwrap();
}
