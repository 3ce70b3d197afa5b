//! A disk that gets full under a rebuild.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bailiwick::{App, BoxError, Error, ReadModel, Recorded, Transaction, projection, projection::Rebuilt};
use tests::bank::{Account, AccountEvent, deposit, open};

use crate::sqlite::{child::say, disk::under};

const PAGES: ReadModel<String> = ReadModel::new("pages");

/// A large row for each payment.
struct Large;

#[projection(name = "large", version = 1)]
impl Large {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let AccountEvent::Deposited { cents } = **event else { return Ok(()) };
        Ok(tx.put(PAGES, cents.to_string(), &cents.to_string().repeat(32 << 10))?)
    }
}

/// Fills the file system but for some bytes.
fn fill(ballast: &Path, left: u64) {
    let mut file = File::create(ballast).unwrap();
    while file.write_all(&[1; 64 << 10]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length - left).unwrap();
}

async fn rebuild(app: &App, progress: &Arc<AtomicU64>) -> Result<Rebuilt, Error> {
    let told = Arc::clone(progress);
    let rebuild = app.rebuild::<Large>().unwrap().batches_of(5).lease(Duration::from_millis(200));
    rebuild.on_progress(move |progress| told.store(progress.position.get(), Ordering::SeqCst)).run().await
}

/// Rebuilds until the disk is full, and again when there is room; in a small file system of its own.
pub async fn rebuilds(file: &Path) {
    let app = App::builder().sqlite(file).aggregate::<Account>().projection(Large).build().await.unwrap();
    app.send(open("a")).await.unwrap();
    for cents in 100..200 {
        app.send(deposit("a", cents)).await.unwrap();
    }
    app.run_workers(async { app.drained().await.unwrap() }).await.unwrap();
    let (before, reached) = (app.read(PAGES).all().await.unwrap(), Arc::new(AtomicU64::new(0)));
    assert_eq!(before.len(), 100);

    let ballast = file.with_extension("ballast");
    fill(&ballast, 3 << 20);
    let error = rebuild(&app, &reached).await.unwrap_err();
    let filled = reached.load(Ordering::SeqCst);
    say(&format!("full at {filled}: {error:?}"));
    assert!(error.is_transient() && error.code() == "db/full", "{error:?}");
    assert!((1..101).contains(&filled), "{filled}");
    assert!(app.read(PAGES).all().await.unwrap() == before, "the live rows were touched");

    fs::remove_file(ballast).unwrap();
    let rebuilt = rebuild(&app, &reached).await.unwrap();
    assert_eq!((rebuilt.resumed.get(), rebuilt.events, rebuilt.position.get()), (filled, 101 - filled, 101));
    assert!(app.read(PAGES).all().await.unwrap() == before, "a rebuild makes the same rows");
    app.close().await.unwrap();
    say("done");
}

#[test]
fn a_disk_that_is_full_stops_a_rebuild_which_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let shell = r#"mount -t tmpfs -o size=48m none "$1" || exit; echo prepared; shift; exec "$@""#;
    match under(shell, "rebuild", folder.path()) {
        Some(passed) => assert!(passed),
        None => println!("skipped: no file system can be mounted here"),
    }
}
