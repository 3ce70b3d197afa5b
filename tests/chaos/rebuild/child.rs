//! A process that rebuilds until it is killed: this test binary, started again.

use std::{
    env,
    process::{Child, Command, Stdio},
    time::Duration,
};

use bailiwick::projection::Rebuild;

use super::{
    Place, app,
    tally::{InlineTally, Tally},
};
use crate::sqlite::child::say;

const PLACE: &str = "BAILIWICK_CHAOS_PLACE";

/// Starts a process that rebuilds one projection after the other.
pub fn start(place: &Place) -> Child {
    let place = match place {
        Place::Memory => panic!("memory is not shared"),
        Place::Sqlite(path) => format!("sqlite {}", path.display()),
        Place::Postgres(url, schema) => format!("postgres {url} {schema}"),
        Place::Mysql(url) => format!("mysql {url}"),
    };
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "rebuild::child::rebuilds", "--ignored", "--nocapture"]).env(PLACE, place);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

fn place() -> Option<Place> {
    let place = env::var(PLACE).ok()?;
    let words: Vec<&str> = place.split(' ').collect();
    Some(match words[..] {
        ["sqlite", path] => Place::Sqlite(path.into()),
        ["postgres", url, schema] => Place::Postgres(url.into(), schema.into()),
        ["mysql", url] => Place::Mysql(url.into()),
        _ => panic!("{place} is no place"),
    })
}

/// Batches of a few events, under a lease that ends soon after its process.
pub fn small(rebuild: Rebuild) -> Rebuild {
    rebuild.batches_of(5).lease(Duration::from_millis(200))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another case starts this as a process of its own"]
async fn rebuilds() {
    let Some(place) = place() else { return };
    let app = app(place.store()).await;
    let tell = |progress: bailiwick::projection::Progress| say(&format!("at {}", progress.position));
    say("begun");
    let done = small(app.rebuild::<Tally>().unwrap()).on_progress(tell).run().await.unwrap();
    say(&format!("resumed {}", done.resumed));
    let done = small(app.rebuild::<InlineTally>().unwrap()).on_progress(tell).run().await.unwrap();
    say(&format!("resumed {}", done.resumed));
    say("done");
    app.close().await.unwrap();
}
