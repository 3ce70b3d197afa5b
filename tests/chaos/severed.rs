//! Units of work whose connection is cut, at a statement or at COMMIT: who is told that a unit is committed, or that it is
//! not, is told the truth.

use bailiwick::{
    Error, Event, Version,
    entity::Entity,
    repository::{Db, Migrations},
    specification::Spec,
    unit_of_work::Begin,
};
use serde::{Deserialize, Serialize};
use tests::{
    proxy::{Fate, Proxy},
    servers,
};

const TALLY: &str = "tally";

/// How many units there were; each adds one and leaves a note.
#[derive(Entity, Debug)]
#[entity(table = "tally")]
struct Tally {
    #[id]
    #[col(max = 20)]
    name: String,
    count: i64,
    #[version]
    version: Version,
}

#[derive(Entity, Debug)]
#[entity(table = "note")]
struct Note {
    #[id]
    #[col(max = 20)]
    name: String,
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "note.left", kind = notification, topic = "notes")]
struct Left {
    name: String,
}

/// Leaves a note, counts it, and has a message sent.
async fn leave(db: &Db, name: &str) -> Result<(), Error> {
    let mut unit = db.begin(Begin::write()).await?;
    let mut tally = unit.repository::<Tally>().get(TALLY.into()).await?;
    tally.count += 1;
    unit.repository::<Tally>().save(&mut tally).await?;
    unit.publish(Left { name: name.into() });
    unit.repository::<Note>().insert(NewNote { name: name.into() }).await?;
    unit.commit().await.map(drop)
}

/// Every note that is there, after asserting that each was counted once and has one message.
async fn left(db: &Db) -> Vec<String> {
    let notes = db.repository::<Note>().find(Spec::all()).list().await.unwrap();
    let tally = db.repository::<Tally>().get(TALLY.into()).await.unwrap();
    let messages = db.store().counts().await.unwrap().outbox;
    assert_eq!((tally.count, messages), (notes.len() as i64, notes.len() as u64), "a unit has an effect once");
    notes.into_iter().map(|note| note.name).collect()
}

/// What became of a unit, as its caller was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Committed,
    NotCommitted,
    Unknown,
}

fn told(answer: &Result<(), Error>) -> Told {
    match answer {
        Ok(()) => Told::Committed,
        Err(error) if error.is_unknown_outcome() => Told::Unknown,
        Err(_) => Told::NotCommitted,
    }
}

/// Cuts the connection of one unit after the other, at a value that it writes or at the end of its last statement.
async fn cut_each(direct: &Db, through: &Db, proxy: &Proxy, last: &str) -> Vec<(Fate, bool, Told)> {
    let (mut seen, mut number) = (Vec::new(), 0);
    for at_commit in [false, true] {
        for fate in [Fate::Lost, Fate::Sent, Fate::Answered].into_iter().cycle().take(9) {
            number += 1;
            let name = format!("note-{number:04}");
            let mark = if at_commit { last } else { &name };
            proxy.cut_at(mark, fate);
            let answer = leave(through, &name).await;
            assert_eq!(proxy.cuts(), number, "{fate:?} at {mark}: {answer:?}");
            let stored = left(direct).await.contains(&name);
            match told(&answer) {
                Told::Committed => assert!(stored, "{fate:?} at {mark}"),
                Told::NotCommitted => assert!(!stored, "{fate:?} at {mark}: {answer:?}"),
                Told::Unknown => {}
            }
            seen.push((fate, at_commit, told(&answer)));
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_is_told_what_became_of_it_wherever_its_connection_is_cut() {
    let rooms = [servers::postgres(), servers::mysql()].into_iter().flatten().map(|server| server.database());
    for room in rooms {
        let (proxy, url) = Proxy::before(&room.url()).await;
        let mysql = url.starts_with("mysql");
        let (plain, last) = if mysql { ("?ssl-mode=DISABLED", "no = 1; COMMIT") } else { ("", "; COMMIT\0") };
        let direct = Db::connect(&room.url()).unwrap();
        direct.migrate(Migrations::new().ddl::<Tally>("0001_tally").ddl::<Note>("0002_note")).await.unwrap();
        direct.repository::<Tally>().insert(NewTally { name: TALLY.into(), count: 0 }).await.unwrap();
        let through = Db::connect(&format!("{url}{plain}")).unwrap();
        for (fate, at_commit, told) in cut_each(&direct, &through, &proxy, last).await {
            let arrives = at_commit && fate != Fate::Lost;
            let truth = if arrives { Told::Committed } else { Told::NotCommitted };
            assert_eq!(told, truth, "{fate:?}, {at_commit}: the server can be asked what became of it");
        }
        through.close().await.unwrap();
        direct.close().await.unwrap();
    }
}
