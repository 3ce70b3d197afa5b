//! Processes that append until they are killed.

use std::{
    collections::HashSet,
    env,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use bailiwick::{Expected, Store, Version, id::MessageId};
use futures_util::future::join_all;

use crate::{
    bookings::{Acknowledged, book, bookings, event},
    mysql, postgres,
    sqlite::child::{acknowledged, lines, say_acknowledged},
};

const URL: &str = "BAILIWICK_CHAOS_URL";
const SCHEMA: &str = "BAILIWICK_CHAOS_SCHEMA";

/// How many commits such a process has on the way.
pub const TASKS: usize = 8;

/// Appends with eight tasks until somebody kills the process, and says what is acknowledged.
pub async fn appends(store: impl Store) {
    let (store, process) = (Arc::new(store), std::process::id());
    let tasks = (0..TASKS).map(|task| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let id = format!("{process}-{task}");
            let mut version = Version::NONE;
            loop {
                let own = book(&*store, &id, Expected::at(version), event(40)).await.unwrap();
                version = own.version;
                say_acknowledged(&own);
            }
        })
    });
    join_all(tasks).await;
}

/// Starts a process that appends on a server: this test binary again. MySQL has no schema.
pub fn start(url: &str, schema: &str) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "appender::plays_its_role", "--ignored", "--nocapture"]).env(URL, url).env(SCHEMA, schema);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "other cases start this as a process of theirs"]
async fn plays_its_role() {
    let (Ok(url), Ok(schema)) = (env::var(URL), env::var(SCHEMA)) else { return };
    match schema.as_str() {
        "" => appends(mysql::support::open(&url).await).await,
        schema => appends(postgres::support::open(&url, schema).await).await,
    }
}

/// Starts and kills ten processes that append to one server. After each, `judge` compares what is stored with what was
/// acknowledged and answers the ids of all events; not more are there than were on the way.
pub async fn killed_ten_times(
    store: impl Store,
    start: impl Fn() -> Child,
    judge: impl AsyncFn(&[Acknowledged]) -> Vec<MessageId>,
) {
    let mut all = Vec::new();
    for round in 0..10 {
        let mut child = start();
        let mut said = lines(&mut child);
        let enough = 5 + round * 29;
        all.extend(said.by_ref().filter_map(|line| acknowledged(&line)).take(enough));
        child.kill().unwrap();
        all.extend(said.filter_map(|line| acknowledged(&line)));
        child.wait().unwrap();
        assert!(all.len() >= enough);
        let stored = judge(&all).await;
        let known: HashSet<_> = all.iter().map(|own| own.id).collect();
        let silent = stored.iter().filter(|id| !known.contains(id)).count();
        assert!(silent <= TASKS * (round + 1), "{silent} events were never acknowledged");
    }
    let streams: HashSet<_> = all.iter().map(|own| own.stream.clone()).collect();
    for stream in streams {
        bookings(&store, &stream).await;
    }
    store.close().await.unwrap();
}
