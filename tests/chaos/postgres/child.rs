//! A process that writes until it is killed: this test binary, started again.

use std::{
    env,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use bailiwick::{Expected, Version};
use futures_util::future::join_all;

use super::support::open;
use crate::{
    bookings::{book, event},
    sqlite::child::say_acknowledged,
};

const URL: &str = "BAILIWICK_CHAOS_URL";
const SCHEMA: &str = "BAILIWICK_CHAOS_SCHEMA";

/// How many commits it has on the way.
pub const TASKS: usize = 8;

/// Starts a process that appends.
pub fn start(url: &str, schema: &str) -> Child {
    let arguments = ["--exact", "postgres::child::appends", "--ignored", "--nocapture"];
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(arguments).env(URL, url).env(SCHEMA, schema);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another case starts this as a process of its own"]
async fn appends() {
    let (Ok(url), Ok(schema)) = (env::var(URL), env::var(SCHEMA)) else { return };
    let store = Arc::new(open(&url, &schema).await);
    let process = std::process::id();
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
