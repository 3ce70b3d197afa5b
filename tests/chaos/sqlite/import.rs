//! An import whose process is killed, again and again.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
};

use bailiwick::{
    archive::{self, Exported, Importer, Options, Source},
    store::{AnyStore, MemoryStore},
};

use super::{
    child::{lines, say, start},
    support::{event, open},
};
use crate::bookings::stream;

const EVENTS: u64 = 6_000;

/// Imports the archive beside a database, and says after each batch how far it is.
pub async fn run(file: &Path) {
    let store = AnyStore::new(open(file).await);
    let options = Options::new().batch(50).on_progress(|progress| say(&format!("at {}", progress.events)));
    let archive = BufReader::new(File::open(file.with_extension("ndjson")).unwrap());
    let done = archive::import(&store, archive, options).await.unwrap();
    say(&format!("done {}", done.present));
}

/// Writes an archive of events in streams that take turns.
async fn written(file: &Path) -> Exported {
    let store = AnyStore::new(MemoryStore::new());
    let (source, mut importer) = (Source::named("bookings"), Importer::new(&store));
    for number in 0..EVENTS {
        let event = bailiwick::Envelope { id: source.message_id(number, 0), ..event(40) };
        importer.push(None, stream(&(number % 97).to_string()), vec![event]).await.unwrap();
    }
    importer.finish().await.unwrap();
    let file = BufWriter::new(File::create(file.with_extension("ndjson")).unwrap());
    archive::export(&store, file, Options::new()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_killed_at_many_points_ends_in_the_same_events() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let exported = written(&path).await;
    let mut present = 0;
    for round in 0.. {
        let mut child = start("import", &path);
        let mut said = lines(&mut child);
        let enough = present / 50 + 3 + round % 11;
        let last = said.by_ref().filter(|line| line.contains("at ")).take(enough).last();
        let whole = last.is_none_or(|line| line.ends_with(&format!("at {EVENTS}")));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = AnyStore::new(open(&path).await);
        let report = archive::verify(&store, Options::new()).await.unwrap();
        assert!(report.is_sound(), "{report}");
        assert!(report.events as usize >= present, "what was in is in");
        present = report.events as usize;
        if whole {
            assert!(round >= 8, "it was killed {round} times");
            break;
        }
    }
    let store = AnyStore::new(open(&path).await);
    let archive = BufReader::new(File::open(path.with_extension("ndjson")).unwrap());
    let last = archive::import(&store, archive, Options::new()).await.unwrap();
    assert_eq!(last.added + last.present, exported.events);
    let report = archive::verify(&store, Options::new()).await.unwrap();
    assert_eq!((report.events, report.digest), (exported.events, exported.digest));
}
