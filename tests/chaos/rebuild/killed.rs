//! Processes that rebuild, killed at many points.

use tests::bank::deposit;

use super::{
    Home, app, child,
    tally::{InlineTally, Tally, fill, judge},
};
use crate::sqlite::child::lines;

/// Kills a process after each of these numbers of lines that it says.
const LINES: [usize; 10] = [1, 2, 3, 5, 8, 11, 15, 20, 27, 34];

async fn kill(home: Home) {
    let app = app(home.place.store()).await;
    fill(&app, 2, 30).await;
    app.run_workers(async { app.drained().await.unwrap() }).await.unwrap();
    let mut resumed = 0;
    for (round, kill_after) in (1..).zip(LINES) {
        let mut process = child::start(&home.place);
        let said: Vec<String> = lines(&mut process).filter(|line| !line.contains("test")).take(kill_after).collect();
        process.kill().unwrap();
        process.wait().unwrap();
        resumed += said.iter().filter(|line| line.starts_with("resumed") && *line != "resumed 0").count();
        app.send(deposit("1", round)).await.unwrap(); // the live rows go on
    }
    for _ in 0..2 {
        let tally = child::small(app.rebuild::<Tally>().unwrap()).run().await.unwrap();
        let inline = child::small(app.rebuild::<InlineTally>().unwrap()).run().await.unwrap();
        resumed += [tally, inline].iter().filter(|done| done.resumed.get() > 0).count();
        app.run_workers(async { app.drained().await.unwrap() }).await.unwrap();
        judge(&app).await;
    }
    assert!(resumed > 0, "no rebuild went on where another was killed");
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_killed_ten_times_is_live_in_the_end_on_sqlite() {
    kill(Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_killed_ten_times_is_live_in_the_end_on_postgres() {
    let Some(home) = Home::postgres() else { return };
    kill(home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_killed_ten_times_is_live_in_the_end_on_mysql() {
    let Some(home) = Home::mysql() else { return };
    kill(home).await;
}
