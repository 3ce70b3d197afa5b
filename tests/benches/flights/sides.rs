//! The two ways in.

use std::{fs, path::Path, time::Instant};

use bailiwick::{
    Envelope, EventKind, Store, Timestamp,
    archive::{self, Importer, Options, Source},
    envelope::{Metadata, StreamId},
    sql::SqliteStore,
    store::AnyStore,
};
use rusqlite::Connection;

use super::{
    data::{EVENTS, flights},
    support::Mode,
};

/// What an import took.
pub struct Took {
    pub seconds: f64,
    /// Bytes of memory at the peak.
    pub peak: f64,
    pub disk: f64,
}

fn took(begun: Instant, database: &Path) -> Took {
    let seconds = begun.elapsed().as_secs_f64();
    let disk = fs::metadata(database).map_or(0, |file| file.len()) as f64;
    Took { seconds, peak: peak(), disk }
}

/// Bytes of memory since the last `forget`.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.and_then(|line| line.split_whitespace().next());
    words.and_then(|number| number.parse::<f64>().ok()).map_or(f64::NAN, |kib| kib * 1024.0)
}

fn forget() {
    let _elsewhere_it_is_the_peak_of_all = fs::write("/proc/self/clear_refs", "5");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Through the importer.
pub fn ours(file: &Path, batch: usize) -> Took {
    let folder = super::support::folder();
    let path = folder.path().join("ours.db");
    forget();
    runtime().block_on(async {
        let store = AnyStore::new(SqliteStore::open(&path).unwrap());
        store.migrate().await.unwrap();
        let begun = Instant::now();
        let source = Source::of(fs::File::open(file).unwrap()).unwrap();
        let mut importer = Importer::new(&store).batch(batch);
        for flight in flights(file) {
            let stream = StreamId::new("flight", flight.stream).unwrap();
            let events = (0..).zip(flight.events).map(|(nth, (name, payload))| Envelope {
                id: source.message_id(flight.line, nth),
                name: name.into(),
                version: 1,
                kind: EventKind::Domain,
                time: Timestamp::from_micros(0),
                key: None,
                metadata: Metadata::default(),
                payload: payload.into_bytes().into(),
            });
            importer.push(None, stream, events.collect()).await.unwrap();
        }
        assert_eq!(importer.finish().await.unwrap().added, EVENTS);
        let took = took(begun, &path);
        let report = archive::verify(&store, Options::new()).await.unwrap();
        assert!(report.is_sound() && report.events == EVENTS, "{report}");
        store.close().await.unwrap();
        took
    })
}

/// Rows into the same table, many in a transaction.
pub fn by_hand(file: &Path, batch: usize) -> Took {
    let folder = super::support::folder();
    let path = folder.path().join("by_hand.db");
    runtime().block_on(async {
        let store = SqliteStore::open(&path).unwrap();
        store.migrate().await.unwrap();
        store.close().await.unwrap();
    });
    let database = Connection::open(&path).unwrap();
    let pragma = format!("PRAGMA journal_mode = wal; PRAGMA synchronous = {}", Mode::Durable.synchronous());
    database.execute_batch(&pragma).unwrap();
    let sql =
        "INSERT INTO bw_event (checksum, tenant, category, stream, version, message, name, schema, kind, time, payload)
        VALUES (0, '', 'flight', ?1, ?2, ?3, ?4, 1, 0, 0, ?5)";
    let mut insert = database.prepare(sql).unwrap();
    let begun = Instant::now();
    let mut count = 0_u64;
    for flight in flights(file) {
        for (version, (name, payload)) in (1..).zip(flight.events) {
            if count.is_multiple_of(batch as u64) {
                database.execute_batch(if count == 0 { "BEGIN" } else { "COMMIT; BEGIN" }).unwrap();
            }
            count += 1;
            let id = u128::from(count).to_be_bytes();
            insert.execute((&flight.stream, version, id, name, payload.as_bytes())).unwrap();
        }
    }
    database.execute_batch("COMMIT").unwrap();
    assert_eq!(count, EVENTS);
    took(begun, &path)
}
