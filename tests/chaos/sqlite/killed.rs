//! Processes that are killed or that meet at the start.

use std::collections::HashSet;

use super::{
    child::{acknowledged, lines, start},
    support::{bookings, judge, open},
};
use crate::appender::TASKS;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_killed_twenty_times_loses_no_acknowledged_event() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let (mut all, mut spared) = (Vec::new(), 0);
    for round in 0..20 {
        let mut child = start("append", &path);
        let mut said = lines(&mut child);
        let enough = 5 + round * 13;
        all.extend(said.by_ref().filter_map(|line| acknowledged(&line)).take(enough));
        child.kill().unwrap();
        all.extend(said.filter_map(|line| acknowledged(&line)));
        child.wait().unwrap();
        let stored = judge(&path, &all).await;
        let known: HashSet<_> = all.iter().map(|own| own.id).collect();
        let unacknowledged = stored.iter().filter(|id| !known.contains(id)).count();
        assert!(unacknowledged <= spared + TASKS, "{unacknowledged} events were never acknowledged");
        spared = unacknowledged;
    }
    let store = open(&path).await;
    let streams: HashSet<_> = all.iter().map(|own| own.stream.clone()).collect();
    for stream in streams {
        bookings(&store, &stream).await;
    }
}

#[tokio::test]
async fn of_four_processes_that_migrate_at_once_one_does_and_all_start() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut children: Vec<_> = (0..4).map(|_| start("migrate", &path)).collect();
        let mut said: Vec<_> = children.iter_mut().map(lines).collect();
        for lines in &mut said {
            assert!(lines.any(|line| line.ends_with("ready")));
        }
        std::fs::write(path.with_extension("go"), "").unwrap();
        for lines in &mut said {
            assert!(lines.any(|line| line.ends_with("migrated")));
        }
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        let database = rusqlite::Connection::open(&path).unwrap();
        let (rows, latest): (i64, i64) = database
            .query_row("SELECT count(*), max(version) FROM bw_schema", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!(rows, latest, "each step was applied once");
    }
}
